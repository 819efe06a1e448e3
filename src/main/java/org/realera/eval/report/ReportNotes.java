package org.realera.eval.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.RunInfo;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.MetricSet;
import org.realera.eval.suite.ScorerKind;
import org.realera.eval.suite.Suite.Sampler;

/** What a page says of how its figures came about and how to read them. */
final class ReportNotes {
  private ReportNotes() {}

  /** What a run was made with. */
  static String settings(ModelPair pair) {
    RunInfo info = pair.model().info();
    Sampler sampler = info.sampler();
    List<String[]> facts = new ArrayList<>();
    facts.add(new String[] {"Suite", info.suite() + ", realera " + info.tool()});
    facts.add(model("Model", info));
    facts.add(model("Original", pair.baseline() == null ? null : pair.baseline().info()));
    facts.add(
        new String[] {
          "Scorer",
          info.scoring().scorer() + ", weights " + brief(info.scoring().scorerFingerprint())
        });
    facts.add(new String[] {"Images", images(info)});
    facts.add(
        new String[] {
          "Sampler",
          "%s, %d steps, guidance %s, %d × %d, %s on %s, batches of %d"
              .formatted(
                  sampler.scheduler().toUpperCase(Locale.ROOT),
                  sampler.steps(),
                  sampler.guidance(),
                  sampler.width(),
                  sampler.height(),
                  info.dtype(),
                  info.device(),
                  info.batch())
        });
    Labels labels = info.labels();
    if (labels.isClassifier()) {
      facts.add(
          new String[] {"Labels", String.join(", ", labels.names().subList(0, labels.closed()))});
      facts.add(
          new String[] {
            "Open set adds",
            String.join(", ", labels.names().subList(labels.closed(), labels.names().size()))
          });
    }
    Double threshold = info.scoring().threshold();
    facts.add(new String[] {"Threshold", threshold == null ? "" : threshold.toString()});
    StringBuilder out = new StringBuilder("<dl class=\"card\">\n");
    for (String[] fact : facts) {
      if (!fact[1].isEmpty()) {
        out.append("<dt>%s</dt><dd>%s</dd>\n".formatted(fact[0], Html.escape(fact[1])));
      }
    }
    return out.append("</dl>\n").toString();
  }

  private static String[] model(String name, @Nullable RunInfo info) {
    String text = info == null ? "" : info.model() + ", weights " + brief(info.modelFingerprint());
    return new String[] {name, text};
  }

  private static String brief(String fingerprint) {
    return fingerprint.substring(0, Math.min(16, fingerprint.length()));
  }

  private static String images(RunInfo info) {
    List<String> texts = new ArrayList<>();
    long words = info.sets().stream().filter(set -> set.prompts() == null).count();
    if (words > 0) {
      texts.add(
          "%d of each of %d prompts, seeds 0 to %d"
              .formatted(info.samples(), words, info.samples() - 1));
    }
    info.sets().stream()
        .map(ImageSet::samples)
        .filter(most -> most != null && most < info.samples())
        .distinct()
        .forEach(most -> texts.add("at most " + most + " of those from a list"));
    info.sets().stream()
        .filter(set -> set.prompts() != null)
        .forEach(set -> texts.add(set.prompt() + ", each from its own seed"));
    return String.join("; ", texts);
  }

  /** How to read the figures, by what they were made with. */
  static String reading(List<ModelPair> pairs) {
    StringBuilder out = new StringBuilder("<h2>How to read this</h2>\n");
    pairs.stream()
        .map(pair -> pair.model().info().scoring())
        .map(scoring -> reading(scoring.kind(), scoring.metrics()))
        .distinct()
        .forEach(out::append);
    boolean classified = pairs.stream().allMatch(pair -> pair.model().isClassified());
    return out.append("<p>Intervals are 95 % bootstrap intervals: the images of each ")
        .append(classified ? "prompt" : "figure")
        .append(" are redrawn 2,000 times. They speak of other seeds")
        .append(classified ? " with these prompts, not of other prompts.</p>\n" : ".</p>\n")
        .toString();
  }

  private static String reading(ScorerKind kind, MetricSet metrics) {
    return switch (kind) {
      case CLIP_CLASSIFIER ->
          ERASURE
              + "<p>The published protocol's softmax knows the classes alone and must call every"
              + " picture one of them: an empty sky then counts as an airplane. The open set adds"
              + " the anchor and a list of scenes to the labels.</p>\n";
      case CELEBRITY ->
          ERASURE
              + "<p>Accuracy is the share of pictures in which GIPHY's detector names the person,"
              + " among those in which it finds a face at all; those without are counted beside"
              + " it. Acc<sub>g</sub> is over prompts that mean the person without the name.</p>\n";
      case CLIP_SCORE ->
          metrics == MetricSet.MEAN
              ? "<p>The CLIP score is 100 times the cosine between a picture and its own prompt,"
                  + " where it is above 0; the figure is the mean.</p>\n"
              : ERASURE
                  + "<p>The accuracies are CLIP scores here, as in the paper's Table 4: 100 times"
                  + " the cosine between a picture and the prompt of the artist in question, also"
                  + " for pictures of prompts that mean the artist without the name.</p>\n";
      case NUDENET ->
          "<p>The numbers are detections of exposed parts over all pictures, as the published"
              + " tables count them, and the pictures with at least one. Pictures are left out of"
              + " this page; they lie in the run's folder.</p>\n";
    };
  }

  private static final String ERASURE =
      "<p>Acc<sub>e</sub> is the accuracy with which the scorer finds the erased concept in"
          + " pictures of it, Acc<sub>g</sub> the same in pictures of its synonyms, Acc<sub>s</sub>"
          + " the accuracy on the other concepts. H<sub>o</sub> is the harmonic mean of"
          + " 100 − Acc<sub>e</sub>, Acc<sub>s</sub> and 100 − Acc<sub>g</sub>.</p>\n";
}

package org.realera.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.Sameness;
import org.realera.diffusion.SpmSource;
import org.realera.eval.run.Alike;
import org.realera.eval.run.FidResult;
import org.realera.eval.run.ImageStore;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.RunInfo;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.MetricSet;
import org.realera.eval.suite.ScorerKind;
import org.realera.eval.suite.Suite.Sampler;
import org.realera.files.Digests;
import org.realera.report.EvalPage.Fact;
import org.realera.report.EvalPage.Reading;

/** What a page says of how its figures came about and how to read them. */
final class ReportNotes {
  /** What the model under test is called. */
  static final String MODEL = "Model";

  private static final String FID = "FID";

  private ReportNotes() {}

  private static String guidance(SafeGuidance safe, int steps) {
    return safe + safe.idle(steps).map(idle -> "; " + idle).orElse("");
  }

  /** What a run was made with. */
  static List<Fact> settings(ModelPair pair) {
    RunInfo info = pair.model().info();
    Sampler sampler = info.sampler();
    List<Fact> facts = new ArrayList<>();
    facts.add(new Fact("Suite", info.suite() + ", realera " + info.tool()));
    facts.add(model(MODEL, info));
    facts.add(model("Original", pair.baseline() == null ? null : pair.baseline().info()));
    facts.add(
        new Fact(
            "Scorer",
            info.scoring().scorer()
                + ", weights "
                + Digests.brief(info.scoring().scorerFingerprint())));
    facts.add(new Fact("Images", images(info)));
    facts.add(
        new Fact(
            "Sampler",
            "%s, %s steps, guidance %s, %s × %s, %s on %s, batches of %s"
                .formatted(
                    sampler.scheduler().toUpperCase(Locale.ROOT),
                    sampler.steps(),
                    sampler.guidance(),
                    sampler.width(),
                    sampler.height(),
                    info.dtype(),
                    info.device(),
                    info.batch())));
    SafeGuidance safe = info.safe();
    facts.add(new Fact("Guidance", safe == null ? "" : guidance(safe, sampler.steps())));
    SpmSource spm = info.spm();
    facts.add(new Fact("Adapters", spm == null ? "" : spm.toString()));
    Labels labels = info.labels();
    if (labels.isClassifier()) {
      facts.add(new Fact("Labels", String.join(", ", labels.names().subList(0, labels.closed()))));
      facts.add(
          new Fact(
              "Open set adds",
              String.join(", ", labels.names().subList(labels.closed(), labels.names().size()))));
    }
    Double threshold = info.scoring().threshold();
    facts.add(new Fact("Threshold", threshold == null ? "" : threshold.toString()));
    FidResult fid = pair.model().fid();
    facts.add(new Fact(FID, fid == null ? "" : against(fid)));
    return facts.stream().filter(fact -> !fact.text().isEmpty()).toList();
  }

  private static Fact model(String name, @Nullable RunInfo info) {
    String text =
        info == null ? "" : info.model() + ", weights " + Digests.brief(info.modelFingerprint());
    return new Fact(name, text);
  }

  private static String images(RunInfo info) {
    List<String> texts = new ArrayList<>();
    long words = info.sets().stream().filter(set -> set.prompts() == null).count();
    if (words > 0) {
      texts.add(
          "%s of each of %s prompts, seeds 0 to %s"
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

  /** What makes all figures void: images that show nothing; empty if they do. */
  static String sameness(ModelPair pair) {
    return sameness("", pair.model()) + sameness("Of the original ", pair.baseline());
  }

  private static String sameness(String whose, @Nullable ModelRun run) {
    if (run == null) {
      return "";
    }
    try {
      return Sameness.of(run.images().stream().map(run::locate).map(ImageStore::anySize))
          .map(finding -> whose + finding + ": the figures say nothing. ")
          .map(text -> text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1))
          .orElse("");
    } catch (RealeraException e) {
      return ""; // figures alone make a page, too, once the images are gone
    }
  }

  /** What several runs beside each other have to say; those of several suites stand apart. */
  static List<String> notes(List<ModelPair> pairs) {
    Map<String, List<ModelPair>> suites = new LinkedHashMap<>();
    pairs.forEach(
        pair ->
            suites
                .computeIfAbsent(pair.model().info().suite(), suite -> new ArrayList<>())
                .add(pair));
    List<String> notes = new ArrayList<>();
    for (List<ModelPair> suite : suites.values()) {
      Alike.of(suite).difference().ifPresent(notes::add);
      withoutSubtypes(suite).ifPresent(notes::add);
    }
    return List.copyOf(notes);
  }

  /** Which concepts have no subtypes, where others do. */
  static Optional<String> withoutSubtypes(List<ModelPair> pairs) {
    List<RunInfo> erased =
        pairs.stream().map(pair -> pair.model().info()).filter(i -> i.concept() != null).toList();
    String none =
        erased.stream()
            .filter(info -> !hasSubtypes(info))
            .map(info -> String.valueOf(info.concept()))
            .distinct()
            .collect(Collectors.joining(", "));
    return none.isEmpty() || erased.stream().noneMatch(ReportNotes::hasSubtypes)
        ? Optional.empty()
        : Optional.of("Means over subtypes leave out what has none: " + none + ".");
  }

  private static boolean hasSubtypes(RunInfo info) {
    return info.sets().stream().anyMatch(set -> set.role() == ImageSet.Role.SUBTYPE);
  }

  private static String against(FidResult fid) {
    String digest = fid.referenceDigest();
    return "against " + fid.reference() + (digest == null ? "" : ", " + Digests.brief(digest));
  }

  /** How to read the figures, by what they were made with. */
  static List<Reading> readings(List<ModelPair> pairs) {
    return pairs.stream()
        .map(pair -> pair.model().info().scoring())
        .map(scoring -> reading(scoring.kind(), scoring.metrics()))
        .distinct()
        .toList();
  }

  private static Reading reading(ScorerKind kind, MetricSet metrics) {
    return switch (kind) {
      case CLIP_CLASSIFIER -> Reading.CLASSIFIER;
      case CELEBRITY -> Reading.CELEBRITY;
      case CLIP_SCORE -> metrics == MetricSet.MEAN ? Reading.CLIP_MEAN : Reading.CLIP_ERASURE;
      case NUDENET -> Reading.NUDENET;
    };
  }
}

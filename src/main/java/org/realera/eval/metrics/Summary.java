package org.realera.eval.metrics;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.RunFiles;
import org.realera.eval.suite.ImageSet;

/**
 * {@code summary.json}: the figures of one or many runs. Percentages everywhere; no times and no
 * paths, so that the same images give the same bytes wherever and in however many shards they were
 * made.
 *
 * @param schema {@value #SCHEMA}
 * @param runs one per model and concept
 * @param averages one for each label that stands on runs of two or more concepts
 */
public record Summary(String schema, List<Run> runs, List<Average> averages) {
  static final String SCHEMA = "realera-eval-summary/1";

  /**
   * One model on one concept.
   *
   * @param concept the erased concept, or null for a survey of the suite's words
   * @param published ids of the paper's tables whose figures may stand beside these
   * @param model the figures of the model under test
   * @param baseline those of the model it is compared with
   */
  public record Run(
      String suite,
      String label,
      @Nullable String concept,
      @Nullable String anchor,
      int samples,
      List<String> published,
      Model model,
      @Nullable Model baseline) {}

  /**
   * The figures of one model. Those of a classifier are {@code closed} and {@code open}; of any
   * other scorer there is one kind of figures, or numbers by name.
   *
   * @param fingerprint digest of the model's tensors, configurations and tokenizer
   * @param closed the protocol's figures: softmax over the classes
   * @param open ours: softmax over classes, anchor and scenes
   * @param sets accuracy of every set
   * @param measure what {@code figures} are made of
   * @param figures the protocol's figures by a scorer that is no classifier
   * @param quantities numbers by name: counts, means, FID
   * @param subtypes the figures once more with Acc_g over subtypes instead of synonyms; null of a
   *     suite without
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Model(
      String fingerprint,
      @Nullable Both closed,
      @Nullable Both open,
      List<Set> sets,
      @Nullable String measure,
      @Nullable Figures figures,
      @Nullable List<Quantity> quantities,
      @Nullable AverageModel subtypes) {

    /** What tables show of it, the published protocol first. */
    public List<View> views() {
      return View.of(closed, open, measure, figures, subtypes);
    }

    /** Its numbers by name, if there are any. */
    public List<Quantity> numbers() {
      return quantities == null ? List.of() : quantities;
    }
  }

  /** A line of a table. */
  public record View(ViewName name, Figures figures) {
    static List<View> of(
        @Nullable Both closed,
        @Nullable Both open,
        @Nullable String measure,
        @Nullable Figures figures,
        @Nullable AverageModel subtypes) {
      List<View> views = new ArrayList<>();
      if (closed != null && open != null) {
        views.add(new View(ViewName.CLOSED_SET, closed.probability()));
        views.add(new View(ViewName.CLOSED_SET.ofTop1(), closed.top1()));
        views.add(new View(ViewName.OPEN_SET, open.probability()));
        views.add(new View(ViewName.OPEN_SET.ofTop1(), open.top1()));
      }
      if (measure != null && figures != null) {
        views.add(new View(new ViewName(measure, false, false), figures));
      }
      if (subtypes != null) {
        subtypes.views().stream()
            .filter(view -> !view.name.top1())
            .forEach(view -> views.add(new View(view.name.ofSubtypes(), view.figures)));
      }
      return List.copyOf(views);
    }
  }

  /**
   * A number by name, e.g. {@code total_detections}.
   *
   * @param low lower end of its 95 % interval, where it has one
   * @param high upper end
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Quantity(String name, double value, @Nullable Double low, @Nullable Double high) {
    /** Detections of all parts together: the published tables' last column. */
    public static final String TOTAL = "total_detections";
  }

  /**
   * Figures by both measures.
   *
   * @param probability accuracy as mean probability
   * @param top1 accuracy as share of best labels
   */
  public record Both(Figures probability, Figures top1) {}

  /**
   * Figures averaged over the concepts; H_o is the mean of the H_o's.
   *
   * @param label the label of the runs
   * @param concepts the erased concepts
   */
  public record Average(
      String label, List<String> concepts, AverageModel model, @Nullable AverageModel baseline) {}

  /** As {@link Model}, of several runs; or its figures over subtypes. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AverageModel(
      @Nullable Both closed,
      @Nullable Both open,
      @Nullable String measure,
      @Nullable Figures figures,
      @Nullable AverageModel subtypes) {

    /** What tables show of it, the published protocol first. */
    public List<View> views() {
      return View.of(closed, open, measure, figures, subtypes);
    }
  }

  /**
   * Accuracy of one set of images, in percent: the mean over its images.
   *
   * @param subject the class in question
   * @param images how many there are
   * @param value the mean of what a scorer that is no classifier gives; null if no image counts
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Set(
      String name,
      ImageSet.Role role,
      String prompt,
      String subject,
      int images,
      @Nullable Accuracy closed,
      @Nullable Accuracy open,
      @Nullable Interval value) {

    /** The one number that stands for it: of a classifier, that of the open set. */
    public @Nullable Interval headline() {
      return open == null ? value : open.probability();
    }
  }

  /** The accuracy of a set by both measures. */
  public record Accuracy(Interval probability, Interval top1) {}

  /**
   * Computes the figures of runs.
   *
   * @param pairs whole runs, no shards, in the order of the tables
   */
  public static Summary of(List<ModelPair> pairs) {
    return Summaries.of(pairs);
  }

  /** As it stands in {@code summary.json}. */
  public String toJson() {
    return RunFiles.toJson(this);
  }
}

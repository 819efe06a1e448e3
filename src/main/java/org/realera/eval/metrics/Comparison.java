package org.realera.eval.metrics;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Summary.AverageModel;
import org.realera.eval.metrics.Summary.View;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.RunFiles;

/**
 * Methods side by side: the means of each over the concepts it erased, and what it cost. Unlike a
 * {@link Summary} it has times in it.
 *
 * @param schema {@value #SCHEMA}
 * @param methods the original model first if it was measured, then the methods in a fixed order
 * @param runs the figures of each concept and method
 */
public record Comparison(String schema, List<Method> methods, List<Summary.Run> runs) {
  static final String SCHEMA = "realera-eval-methods/1";

  /** What stands for the model that all methods erase from. */
  public static final String ORIGINAL = "original";

  /**
   * One method.
   *
   * @param method as options have it; {@value Comparison#ORIGINAL} for the model itself
   * @param title as tables have it, and the label of its runs
   * @param concepts that it erased
   * @param figures means over them; H_o is the mean of the H_o's
   * @param cost what an erasure took; null for the original
   * @param front the figures by which no other method keeps more (Acc_s) and generalizes better
   *     (Acc_g) at once; none for the original
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Method(
      String method,
      String title,
      List<String> concepts,
      AverageModel figures,
      @Nullable Cost cost,
      List<ViewName> front) {

    @JsonIgnore
    public boolean isOriginal() {
      return method.equals(ORIGINAL);
    }

    /** Whether by those figures no other method is nowhere worse and somewhere better. */
    public boolean isOnFront(ViewName view) {
      return front.contains(view);
    }

    /** The figures that tables put first: what the images show, not what they must be called. */
    public View headline() {
      return figures.views().stream()
          .filter(view -> view.name().equals(ViewName.OPEN_SET))
          .findFirst()
          .orElseGet(() -> figures.views().get(0));
    }

    /** The figures of that name; empty if it has none. */
    public Optional<Figures> view(ViewName name) {
      return figures.views().stream()
          .filter(view -> view.name().equals(name))
          .map(View::figures)
          .findFirst();
    }
  }

  /**
   * What erasing one concept takes: means over the concepts. Null is what is not known of all.
   *
   * @param seconds of the method itself, see {@link org.realera.eval.run.MethodCost}
   * @param unetPasses samples that went through the U-Net
   * @param peakMemoryBytes the most of all concepts
   * @param tensors changed
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Cost(
      @Nullable Double seconds,
      @Nullable Double unetPasses,
      @Nullable Double peakMemoryBytes,
      @Nullable Double tensors) {}

  /** Whether all methods erased the same concepts, so that their means can be ranked. */
  @JsonIgnore
  public boolean isEven() {
    return methods.stream()
            .filter(method -> !method.isOriginal())
            .map(method -> Set.copyOf(method.concepts()))
            .distinct()
            .count()
        <= 1;
  }

  /**
   * The names of the figures that tables show: the headline first, the published protocol last.
   * Best labels, and the protocol over subtypes, are left to {@link Summary}.
   */
  public List<ViewName> shown() {
    return methods.get(0).figures().views().stream()
        .map(View::name)
        .filter(name -> !name.top1() && !name.equals(ViewName.CLOSED_SET.ofSubtypes()))
        .sorted(Comparator.comparing(ViewName::isClosedSet))
        .toList();
  }

  /**
   * Runs in the order of a comparison's tables: by concept, then by method. Empty if they are no
   * comparison: a model was not made by one, a method erased a concept twice, or the images are not
   * of one kind.
   */
  public static Optional<List<ModelPair>> ordered(List<ModelPair> pairs) {
    return Comparisons.ordered(pairs);
  }

  /**
   * Computes the figures.
   *
   * @param pairs as {@link #ordered} gives them
   * @param summary their figures one by one
   */
  public static Comparison of(List<ModelPair> pairs, Summary summary) {
    return Comparisons.of(pairs, summary);
  }

  /** As {@code --json} prints it. */
  public String toJson() {
    return RunFiles.toJson(this);
  }
}

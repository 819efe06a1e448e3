package org.realera.eval.attack;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.attack.AttackName;
import org.realera.diffusion.SpmSource;
import org.realera.eval.run.RunFiles;

/**
 * The figures of runs of attacks: {@code attack.json}. It says nothing of times and paths, so that
 * the same trials give the same bytes.
 *
 * @param schema {@value #SCHEMA}
 * @param judge who says whether an image shows the concept, in words
 * @param models each model with its figures over all its concepts
 * @param runs each model and concept by itself
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AttackSummary(String schema, String judge, List<Model> models, List<Run> runs) {
  /** Version of this layout. */
  static final String SCHEMA = "realera-eval-attack/2";

  /**
   * A model, or all that one method made.
   *
   * @param label what tables call it
   * @param concepts that were erased
   */
  public record Model(String label, List<String> concepts, Figures figures) {}

  /**
   * One model.
   *
   * @param model as the user named it
   * @param baseline what it was made from, null if not known
   * @param spm adapters of SPM that words were drawn with, by facilitated transport; null for none
   * @param incomplete attacks that were begun and are not done: they are left out
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Run(
      String label,
      String concept,
      @Nullable String anchor,
      String suite,
      String model,
      String fingerprint,
      @Nullable String baseline,
      @Nullable SpmSource spm,
      List<String> incomplete,
      Figures figures) {}

  /**
   * How far a model holds.
   *
   * @param original prompts of which the original model shows the concept, of all that were listed:
   *     only they count. Null without a baseline: all count
   * @param without prompts of which the model shows it without any attack, of those that count
   * @param attacks each with what it brings this to
   * @param implicit prompts that mean the concept without naming it; null if they were not drawn
   * @param mean over the attacks that {@linkplain Attacked#counts count}; null without any
   * @param worst the highest of them; null without any
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Figures(
      @Nullable Share original,
      Share without,
      List<Attacked> attacks,
      @Nullable Implicit implicit,
      @Nullable Share mean,
      @Nullable Share worst) {

    /** Prompts that do not count; null without a baseline. */
    @JsonProperty
    public @Nullable Integer leftOut() {
      return AttackSummary.leftOut(original);
    }
  }

  /**
   * What one attack did.
   *
   * @param attack as options have it
   * @param title as tables have it
   * @param won prompts that show the concept under attack, of those that did not without
   * @param wordsAlone of the prompts that were won by words: how many of which the original, too,
   *     draws the concept with the anchor in its place, so that they are other words for it; null
   *     if no words won, or there is no baseline
   * @param asr attack success rate: shown without the attack or with it, of the prompts that count
   * @param images that it had judged of a prompt that it was made on, on the mean: each is a chance
   *     to win. Null if it was made on none
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Attacked(
      String attack,
      String title,
      Share won,
      @Nullable Share wordsAlone,
      Share asr,
      @JsonProperty("pictures") @Nullable Double images) {

    /**
     * Whether it is one of those that mean, worst and verdict are over. Inversion shows the
     * weights, and random words are the bar that a search has to beat.
     */
    boolean counts() {
      return !attack.equals(AttackName.INVERSION.label())
          && !attack.equals(AttackName.RANDOM_WORDS.label());
    }
  }

  /**
   * Prompts that mean the concept without naming it.
   *
   * @param shown of which the erased model shows it, of those that count
   * @param original of which the original does, of all that were listed: only they count. Null
   *     without a baseline: all count
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Implicit(Share shown, @Nullable Share original) {

    /** Prompts that do not count; null without a baseline. */
    @JsonProperty
    public @Nullable Integer leftOut() {
      return AttackSummary.leftOut(original);
    }
  }

  private static @Nullable Integer leftOut(@Nullable Share original) {
    return original == null ? null : (Integer) (original.total() - (int) original.count());
  }

  /** As the file has it. */
  public String toJson() {
    return RunFiles.toJson(this);
  }
}

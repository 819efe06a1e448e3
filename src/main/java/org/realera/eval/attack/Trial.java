package org.realera.eval.attack;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * What came of one prompt: a file of its own, beside its image.
 *
 * @param prompt where it started
 * @param seed of the image
 * @param kind as {@link PlannedPrompt} has it
 * @param shown whether the image shows the concept
 * @param seen what the judge saw, in words
 * @param score how much of the concept, as the judge counts
 * @param found the words that an attack drew; null where there was none, or no words
 * @param alone the same with the anchor in the concept's place; null where there are no words
 * @param embedding the file of what an attack had the U-Net read, if it succeeded with no words
 * @param steps that the attack took; null where there was none
 * @param loss the attack's last, if it has one
 * @param images that the attack had drawn and judged, each a chance to win; null where there was
 *     none
 * @param sha256 of the image's file
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Trial(
    String prompt,
    long seed,
    @Nullable String kind,
    boolean shown,
    String seen,
    double score,
    @Nullable String found,
    @Nullable String alone,
    @Nullable String embedding,
    @Nullable Integer steps,
    @Nullable Double loss,
    @JsonProperty("pictures") @Nullable Integer images,
    String sha256) {

  /** Whether it is what came of this prompt. */
  boolean isOf(PlannedPrompt planned) {
    return prompt.equals(planned.text()) && seed == planned.seed();
  }
}

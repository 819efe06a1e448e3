package org.realera.eval.suite;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.realera.files.Digests;
import org.realera.files.FileNames;

/**
 * The images of one prompt, or of one list of prompts.
 *
 * @param name its folder under {@code images/}: the word as a file name
 * @param role which figure it counts for
 * @param word what stands in the prompt
 * @param subject what the scorer looks for in them
 * @param prompt the whole prompt; for a list, what it is
 * @param samples images of each prompt at most, or null for as many as the run draws
 * @param prompts the list, each prompt with its own seed and guidance, or null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ImageSet(
    String name,
    Role role,
    String word,
    String subject,
    String prompt,
    @Nullable Integer samples,
    @Nullable List<ListedPrompt> prompts) {

  private static final int LENGTH = 80;

  /** Of 255 for a file: four digits of a seed, {@code _.png} and the 42 of a file being written. */
  private static final int BYTES = 204;

  /** Which figure a set counts for. */
  public enum Role {
    /** Images of the erased concept: Acc_e, low is good. */
    @JsonProperty("erased")
    ERASED,
    /** Images of the other concepts: Acc_s, high is good. */
    @JsonProperty("kept")
    KEPT,
    /** Images of words that mean the erased concept: Acc_g, low is good. */
    @JsonProperty("related")
    RELATED,
    /** Images of kinds of the erased concept: Acc_g of the subtypes, low is good. */
    @JsonProperty("subtype")
    SUBTYPE;

    /** As {@code images.csv} and reports write it. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public ImageSet {
    prompts = prompts == null ? null : List.copyOf(prompts);
  }

  /** The images of one prompt, as many as the run draws. */
  public ImageSet(String name, Role role, String word, String subject, String prompt) {
    this(name, role, word, subject, prompt, null, null);
  }

  /** What decides which images these are, in brief. */
  public String plan() {
    String most = samples == null ? "" : " (at most " + samples + ")";
    return prompts == null
        ? prompt + most
        : prompt + most + " " + Digests.sha256(prompts.toString()).substring(0, 12);
  }

  /**
   * A text as a file name: lower case, letters and digits kept, all else one dash.
   *
   * <p>Accents stay and it is cut at 80 characters and 204 bytes, other than in {@link
   * org.realera.files.FileNames#slug}, and has to remain so: a run goes on by the names of the
   * images that are there, and images.csv and shards of earlier runs hold them.
   */
  public static String slug(String text) {
    String slug = text.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-");
    String trimmed = slug.replaceAll("^-|-$", "");
    return trimmed.isEmpty() ? "prompt" : FileNames.cut(trimmed, LENGTH, BYTES);
  }
}

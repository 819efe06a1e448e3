package org.realera.diffusion;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a PNG says of itself: how to draw it again. Every key that is written or read back has its
 * name here. The order in which texts are added is that of the file's bytes.
 *
 * @param texts keyword to text, in the order in which they were added
 */
public record ImageTexts(Map<String, String> texts) {
  /** The words that were drawn; one line for each of a sheet's. */
  public static final String PROMPT = "prompt";

  private static final String SEED = "seed";

  /** Under this a sheet says how many images it is laid out of. */
  private static final String IMAGES = "pictures";

  /** The keyword under which a program names itself. */
  private static final String SOFTWARE = "Software";

  /** Under {@link #SOFTWARE} in every image drawn here; only beside it a prompt is believed. */
  private static final String OWN_NAME = "realera";

  /** None yet. */
  public static final ImageTexts NONE = new ImageTexts(Map.of());

  /** Keeps a copy. */
  public ImageTexts {
    texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
  }

  /**
   * The texts of an image that realera drew.
   *
   * @param texts as they stand in a PNG
   * @return empty for those of other programs, whose words may mean anything
   */
  public static Optional<ImageTexts> ownOf(Map<String, String> texts) {
    return OWN_NAME.equals(texts.get(SOFTWARE))
        ? Optional.of(new ImageTexts(texts))
        : Optional.empty();
  }

  private ImageTexts with(String key, String text) {
    Map<String, String> more = new LinkedHashMap<>(texts);
    more.put(key, text);
    return new ImageTexts(more);
  }

  /** Adds what was drawn. */
  public ImageTexts prompts(List<String> prompts) {
    return with(PROMPT, lines(prompts));
  }

  /** Adds what it was steered away from, if it was. */
  public ImageTexts negativePrompt(String prompt) {
    return prompt.isEmpty() ? this : with("negative_prompt", prompt);
  }

  /** Adds the seed of the noise, or the seeds of a sheet. */
  public ImageTexts seeds(List<Long> seeds) {
    return with(SEED, lines(seeds));
  }

  /** Adds the model, by its name or its fingerprint. */
  public ImageTexts model(String model) {
    return with("model", model);
  }

  /** Adds the number of DDIM steps. */
  public ImageTexts steps(int steps) {
    return with("steps", String.valueOf(steps));
  }

  /** Adds the guidance scale, or those of a sheet. */
  public ImageTexts guidance(List<Double> scales) {
    return with("guidance", lines(scales));
  }

  /** Adds Safe Latent Diffusion, if there was any. */
  public ImageTexts safe(@Nullable SafeGuidance safe) {
    if (safe == null) {
      return this;
    }
    Map<String, String> more = new LinkedHashMap<>(texts);
    more.putAll(safe.words());
    return new ImageTexts(more);
  }

  /** Adds the adapters of SPM, by their path or their digest, if there were any. */
  public ImageTexts spm(@Nullable String adapters) {
    return adapters == null ? this : with("spm", adapters);
  }

  /** Adds the sampler. */
  public ImageTexts scheduler(String name) {
    return with("scheduler", name);
  }

  /** Adds of how many images a sheet is laid out; nothing for one image. */
  public ImageTexts images(int count) {
    return count > 1 ? with(IMAGES, String.valueOf(count)) : this;
  }

  /** All of them, and last that realera drew it, so that it is known again. */
  public Map<String, String> signed() {
    return with(SOFTWARE, OWN_NAME).texts;
  }

  /** What was drawn; empty if no words say it. */
  public Optional<String> prompt() {
    return Optional.ofNullable(texts.get(PROMPT));
  }

  /** Whether it is a sheet. Of one that an earlier version wrote only the seeds tell, if any do. */
  public boolean isSheet() {
    return texts.containsKey(IMAGES) || texts.getOrDefault(SEED, "").contains("\n");
  }

  private static String lines(List<?> values) {
    return values.stream().map(String::valueOf).distinct().collect(Collectors.joining("\n"));
  }
}

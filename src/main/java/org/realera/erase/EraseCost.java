package org.realera.erase;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.Manifest;
import org.realera.files.Json;
import org.realera.method.Stage;

/**
 * What an erasure cost, by the realera.json of the model that it made. Null is what that does not
 * say.
 *
 * @param seconds of the method itself: without opening and checking the model, the report's images
 *     and writing; of the last run, if it was interrupted
 * @param unetPasses samples that went through the U-Net, likewise
 * @param peakMemoryBytes most resident memory of the program while it erased
 * @param tensors that were changed
 */
public record EraseCost(
    @Nullable Double seconds,
    @Nullable Long unetPasses,
    @Nullable Long peakMemoryBytes,
    @Nullable Long tensors) {
  private static final String TOTAL = "total";

  /** What every method does alike is not the method's own. */
  private static final Set<Stage> ALIKE = Set.of(Stage.OPEN, Stage.IMAGES, Stage.WRITE);

  /**
   * Reads it.
   *
   * @param model the folder of an erased model
   */
  public static EraseCost of(Path model) {
    Manifest manifest = Manifest.read(model);
    Map<String, Number> timings = manifest.timings() == null ? Map.of() : manifest.timings();
    JsonNode tensors =
        manifest.results().getOrDefault(Stage.WRITE.key(), Json.object()).path("tensors");
    return new EraseCost(
        seconds(timings),
        whole(timings.get(Manifest.UNET_PASSES)),
        whole(timings.get(Manifest.PEAK_MEMORY)),
        tensors.isArray() ? (long) tensors.size() : null);
  }

  private static @Nullable Long whole(@Nullable Number number) {
    return number == null ? null : number.longValue();
  }

  private static @Nullable Double seconds(Map<String, Number> timings) {
    Number total = timings.get(TOTAL);
    if (total == null) {
      return null;
    }
    double alike =
        ALIKE.stream()
            .mapToDouble(stage -> timings.getOrDefault(stage.key(), 0).doubleValue())
            .sum();
    return Math.max(0, Math.round((total.doubleValue() - alike) * 1e3) / 1e3);
  }
}

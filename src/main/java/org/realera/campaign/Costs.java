package org.realera.campaign;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.Manifest;
import org.realera.config.MethodName;
import org.realera.eval.run.MethodCost;
import org.realera.method.Stage;

/** What an erasure cost, by the realera.json of the model that it made. */
final class Costs {
  /** Of any stage's figures: samples that went through the U-Net. */
  private static final String PASSES = "unet_passes";

  private static final String TOTAL = "total";

  /** What every method does alike is not the method's own. */
  private static final Set<Stage> ALIKE = Set.of(Stage.OPEN, Stage.PICTURES, Stage.WRITE);

  private Costs() {}

  /**
   * Reads it.
   *
   * @param model the folder of the erased model
   */
  static MethodCost of(MethodName method, Path model) {
    Manifest manifest = Manifest.read(model);
    Map<String, Number> timings = manifest.timings() == null ? Map.of() : manifest.timings();
    Number memory = timings.get(Manifest.PEAK_MEMORY);
    JsonNode tensors =
        manifest.results().getOrDefault(Stage.WRITE.key(), manifest.recipe()).path("tensors");
    return MethodCost.of(
        method.label(),
        method.title(),
        seconds(timings),
        passes(manifest),
        memory == null ? null : memory.longValue(),
        tensors.isArray() ? (long) tensors.size() : null);
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

  /** Null if no stage says any. */
  private static @Nullable Long passes(Manifest manifest) {
    long passes = 0;
    boolean said = false;
    for (JsonNode figures : manifest.results().values()) {
      JsonNode own = figures.path(PASSES);
      said |= own.isNumber();
      passes += own.asLong();
    }
    return said ? passes : null;
  }
}

package org.realera.eval.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/**
 * Which method erased the model of a run, and what it cost: {@code method.json} of a run folder
 * that a comparison of methods wrote. It stays when the model itself is gone. What is not known is
 * null.
 *
 * @param schema {@value #SCHEMA}
 * @param method as options have it: {@code esd-x}
 * @param title as tables have it: {@code ESD-x}
 * @param recipe digest of its settings, whatever is erased; null for guidance, which has none, and
 *     where an earlier version wrote the file
 * @param seconds that the method took, without opening and checking the model, drawing images and
 *     writing; of the last run, if it was interrupted
 * @param unetPasses samples that went through the U-Net, forwards
 * @param peakMemoryBytes most resident memory of the program while it erased
 * @param tensors of the model that were changed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record MethodCost(
    String schema,
    String method,
    String title,
    @Nullable String recipe,
    @Nullable Double seconds,
    @Nullable Long unetPasses,
    @Nullable Long peakMemoryBytes,
    @Nullable Long tensors) {
  static final String SCHEMA = "realera-eval-method/1";

  /** The file in a run folder. */
  static final String FILE = "method.json";

  /** One of this version. */
  public static MethodCost of(
      String method,
      String title,
      @Nullable String recipe,
      @Nullable Double seconds,
      @Nullable Long unetPasses,
      @Nullable Long peakMemoryBytes,
      @Nullable Long tensors) {
    return new MethodCost(
        SCHEMA, method, title, recipe, seconds, unetPasses, peakMemoryBytes, tensors);
  }

  /** Writes it into a run folder. */
  public void write(Path folder) {
    RunFiles.write(folder.resolve(FILE), RunFiles.toJson(this));
  }

  /**
   * What the folders of a run say; of shards, which all erased the same, the first.
   *
   * @throws RealeraException (damaged) if it is not one of this version
   */
  public static Optional<MethodCost> find(List<Path> folders) {
    return folders.stream()
        .map(folder -> RunFiles.read(folder.resolve(FILE), MethodCost.class, MethodCost::checked))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static MethodCost checked(Path file, @Nullable MethodCost cost) {
    if (cost == null
        || !SCHEMA.equals(cost.schema)
        || Stream.of(cost.method, cost.title).anyMatch(Objects::isNull)) {
      throw RealeraException.damaged(
          file + " is no file of this version", "Remove it, and run the same command again.");
    }
    return cost;
  }
}

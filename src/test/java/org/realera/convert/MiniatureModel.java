package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.DiffusersWriter;
import org.realera.golden.Golden;
import org.realera.safetensors.Weights;

/** The miniature, and copies of it that differ by matrices of known rank. */
final class MiniatureModel {
  static final Path FOLDER = Golden.path("tiny-sd");
  static final String KEYS = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k";
  static final String VALUES = "mid_block.attentions.0.transformer_blocks.0.attn2.to_v";

  private MiniatureModel() {}

  /** A copy in a new folder; to each module, [32, 32], a random change of its rank is added. */
  static Path changed(Path temp, Map<String, Integer> ranks) {
    return changed(FOLDER, temp, ranks);
  }

  static Path changed(Path original, Path temp, Map<String, Integer> ranks) {
    Checkpoint model = Checkpoint.open(original);
    Path copy = temp.resolve("changed");
    Map<String, NDArray> edits = new LinkedHashMap<>();
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Weights unet = model.openUnet()) {
      ranks.forEach(
          (module, rank) -> {
            NDArray change = random(scope, 32, rank, 7).matMul(random(scope, rank, 32, 8));
            edits.put(module + ".weight", unet.read(module + ".weight", scope).add(change));
          });
      DiffusersWriter.write(model, edits, copy);
    }
    return copy;
  }

  /** A copy in a new folder; to each module a diagonal matrix is added. */
  static Path withSingularValues(Path temp, Map<String, float[]> values) {
    Checkpoint model = Checkpoint.open(FOLDER);
    Path copy = temp.resolve("diagonal");
    Map<String, NDArray> edits = new LinkedHashMap<>();
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Weights unet = model.openUnet()) {
      values.forEach(
          (module, singular) -> {
            float[] change = new float[32 * 32];
            for (int i = 0; i < singular.length; i++) {
              change[i * 32 + i] = singular[i];
            }
            NDArray weight = unet.read(module + ".weight", scope);
            edits.put(module + ".weight", weight.add(scope.create(change, new Shape(32, 32))));
          });
      DiffusersWriter.write(model, edits, copy);
    }
    return copy;
  }

  /** Numbers that look random and are always the same. */
  static NDArray random(NDManager scope, int rows, int columns, int seed) {
    java.util.Random random = new java.util.Random(seed);
    float[] values = new float[rows * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian() / 8;
    }
    return scope.create(values, new Shape(rows, columns));
  }

  static void assertUsage(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable action, String message) {
    assertThatThrownBy(action)
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.USAGE);
  }
}

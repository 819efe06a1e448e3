package org.realera.scorer.face;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.scorer.ScorerGolden;
import org.realera.tensor.Noise;

/**
 * A celebrity detector of the real size with the weights of scripts/golden/mtcnn.py: its drawn(),
 * every tensor from its own seed.
 */
public final class CelebrityFile {
  private CelebrityFile() {}

  /**
   * Writes the detector.
   *
   * @param golden names and shapes of the tensors, as the script wrote them
   * @param labels its ten celebrities, a JSON array
   */
  public static void write(Path file, JsonNode golden, String labels) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        SafetensorsFile mtcnn =
            SafetensorsFile.open(ScorerGolden.file("celebrity/mtcnn.safetensors"))) {
      List<TensorSource> tensors = new ArrayList<>();
      for (String name : mtcnn.tensors().keySet()) {
        tensors.add(TensorSource.stored(mtcnn, name));
      }
      int index = 0;
      for (JsonNode tensor : golden.get("tensors")) {
        tensors.add(drawn(scope, tensor.get(0).asText(), shape(tensor.get(1)), index++, 1));
      }
      tensors.add(drawn(scope, "fc1.weight", new Shape(256, 2048), 1000, 0.3));
      tensors.add(drawn(scope, "fc2.weight", new Shape(10, 256), 1001, 1));
      tensors.add(TensorSource.of("resnet.fc1.bias", DType.F32, scope.zeros(new Shape(256))));
      tensors.add(TensorSource.of("resnet.fc2.bias", DType.F32, scope.zeros(new Shape(10))));
      SafetensorsWriter.write(file, Map.of("labels", labels), tensors);
    }
  }

  private static TensorSource drawn(
      NDManager scope, String name, Shape shape, int seed, double scale) {
    NDArray x = new Noise(seed).normal(scope, shape);
    if (name.endsWith("running_var")) {
      x = x.tanh().mul(0.5).add(1);
    } else if (shape.dimension() > 1) {
      x = x.mul(scale * Math.sqrt(2.0 / (shape.size() / shape.get(0))));
    } else if (name.endsWith("bn3.weight")) {
      x = x.mul(0.02).add(0.2);
    } else {
      x = x.mul(0.1).add(name.endsWith("weight") ? 1 : 0);
    }
    return TensorSource.of("resnet." + name, DType.F32, x);
  }

  private static Shape shape(JsonNode sizes) {
    long[] shape = new long[sizes.size()];
    for (int i = 0; i < shape.length; i++) {
      shape[i] = sizes.get(i).asLong();
    }
    return new Shape(shape);
  }
}

package org.realera.golden;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;

/** Copies of models in which something is broken. */
public final class Spoiled {
  private Spoiled() {}

  /** A copy of a folder of the golden models. */
  public static Path copy(String model, Path to) {
    Path from = Golden.path(model);
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
      return to;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Changes every number of one tensor of a safetensors file. */
  public static void tensor(Path file, String name, UnaryOperator<Float> change) {
    Path changed = file.resolveSibling("changed.safetensors");
    try (SafetensorsFile old = SafetensorsFile.open(file);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      float[] values = old.read(name, scope).toFloatArray();
      for (int i = 0; i < values.length; i++) {
        values[i] = change.apply(values[i]);
      }
      List<TensorSource> tensors =
          old.tensors().values().stream()
              .map(
                  info ->
                      info.name().equals(name)
                          ? TensorSource.of(name, DType.F32, info.shape(), values)
                          : TensorSource.stored(old, info.name()))
              .toList();
      SafetensorsWriter.write(changed, Map.copyOf(old.metadata()), tensors);
    }
    try {
      Files.move(changed, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

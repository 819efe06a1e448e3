package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.SpmFile;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.tensor.Engine;

/** Models with another U-Net in their place, and victims of them. */
final class Edited {
  private static final String UNET = "unet/diffusion_pytorch_model.safetensors";

  private Edited() {}

  /** The edits of scripts/golden/attacks.py: other keys and values, another bias at the end. */
  static NDArray asInTheReference(String name, NDArray w) {
    if (name.endsWith("attn2.to_k.weight")) {
      return w.mul(0.5).add(w.flip(1).mul(0.25));
    }
    if (name.endsWith("attn2.to_v.weight")) {
      return w.mul(-0.5);
    }
    return name.equals("conv_out.bias") ? w.add(0.25) : w;
  }

  /**
   * A copy of a model.
   *
   * @param to a folder that is not there yet
   * @param edit name and fp32 tensor of the U-Net to what stands in its place
   */
  static Path copy(Path model, Path to, BiFunction<String, NDArray, NDArray> edit) {
    try (Stream<Path> files = Files.walk(model)) {
      for (Path file : files.toList()) {
        Path there = to.resolve(model.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(there);
        } else if (!file.endsWith(UNET)) {
          Files.copy(file, there);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rewrite(model, to, UNET, edit);
    return to;
  }

  /** The same of the text encoder. */
  static Path withText(Path model, Path to, BiFunction<String, NDArray, NDArray> edit) {
    copy(model, to, (name, w) -> w);
    rewrite(model, to, "text_encoder/model.safetensors", edit);
    return to;
  }

  private static void rewrite(
      Path model, Path to, String file, BiFunction<String, NDArray, NDArray> edit) {
    try (SafetensorsFile weights = SafetensorsFile.open(model.resolve(file));
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      List<TensorSource> tensors = new ArrayList<>();
      weights
          .tensors()
          .forEach(
              (name, info) -> {
                NDArray w = weights.read(name, scope);
                tensors.add(
                    info.dtype().isFloating()
                        ? TensorSource.of(
                            name, DType.F32, edit.apply(name, w.toType(DataType.FLOAT32, false)))
                        : TensorSource.stored(weights, name));
              });
      SafetensorsWriter.write(to.resolve(file), Map.of(), tensors);
    }
  }

  /** A victim in fp32 on the CPU. */
  static Victim victim(Path erased, Path original, ImageSettings images) {
    return victim(erased, original, null, images);
  }

  /** The same with adapters of SPM. */
  static Victim victim(Path erased, Path original, @Nullable Path spm, ImageSettings images) {
    Checkpoint before = Checkpoint.open(original);
    return new Victim(
        Checkpoint.open(erased),
        before,
        spm == null ? null : SpmFile.read(spm, before),
        Engine.compute("cpu", "fp32"),
        images,
        note -> {});
  }
}

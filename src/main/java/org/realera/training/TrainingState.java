package org.realera.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.NeedsForce;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.Json;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.tensor.Edits;

/**
 * Where the training stands: what a step changes, and nothing else. All randomness is derived from
 * seed and step, so this is enough to go on to the same bytes.
 *
 * @param trained what is trained
 * @param optimizer AdamW with its moments
 * @param losses the loss of every step so far, so also how many there were
 */
public record TrainingState(Trainable trained, AdamW optimizer, List<Double> losses) {
  private static final String FIRST = "adamw.exp_avg.";
  private static final String SECOND = "adamw.exp_avg_sq.";
  private static final String LOSSES = "losses";
  private static final String REMEDY =
      "Its steps are lost: start afresh, with --force and without --resume.";

  /** A training about to begin. */
  public static TrainingState start(Trainable trained, AdamW.Settings settings) {
    return new TrainingState(trained, new AdamW(settings), new ArrayList<>());
  }

  /** Steps done. */
  public int step() {
    return losses.size();
  }

  /**
   * Writes one safetensors file, in place of an older one only when it is whole: the parameters
   * (adapters under PEFT's names), AdamW's moments under torch's, the losses in the metadata.
   */
  public void save(Path file) {
    List<TensorSource> tensors = new ArrayList<>();
    trained
        .parameters()
        .forEach(
            (name, values) -> {
              Shape shape = Objects.requireNonNull(trained.shapes().get(name));
              add(tensors, saved(name), shape, values);
              float[] zeros = new float[values.length];
              add(tensors, FIRST + name, shape, optimizer.firstMoments().getOrDefault(name, zeros));
              add(
                  tensors,
                  SECOND + name,
                  shape,
                  optimizer.secondMoments().getOrDefault(name, zeros));
            });
    try {
      SafetensorsWriter.write(
          file, Map.of(LOSSES, Json.WRITER.writeValueAsString(losses)), tensors);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of numbers is always JSON", e);
    }
  }

  private static String saved(String name) {
    boolean lora = name.endsWith(Edits.LORA_A) || name.endsWith(Edits.LORA_B);
    return lora ? name + Edits.WEIGHT : name;
  }

  private static void add(List<TensorSource> to, String name, Shape shape, float[] values) {
    List<Long> sizes = Arrays.stream(shape.getShape()).boxed().toList();
    to.add(TensorSource.of(name, DType.F32, sizes, values));
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @param fresh parameters of the same names and sizes; their values are replaced
   * @throws RealeraException (damaged) if the file is not such a state; names the tensor
   */
  public static TrainingState load(Path file, Trainable fresh, AdamW.Settings settings) {
    try (SafetensorsFile saved = open(file);
        NDManager manager = NDManager.newBaseManager()) {
      List<Double> losses = losses(file, saved.metadata().get(LOSSES));
      Map<String, float[]> first = new TreeMap<>();
      Map<String, float[]> second = new TreeMap<>();
      fresh
          .parameters()
          .forEach(
              (name, values) -> {
                float[] from = floats(saved, saved(name), values.length, manager);
                System.arraycopy(from, 0, values, 0, values.length);
                first.put(name, floats(saved, FIRST + name, values.length, manager));
                second.put(name, floats(saved, SECOND + name, values.length, manager));
              });
      AdamW optimizer = new AdamW(settings, losses.size(), first, second);
      return new TrainingState(fresh, optimizer, losses);
    }
  }

  /** A file that was cut short, as a full disk or a copy leaves it, is of no model: it says so. */
  private static SafetensorsFile open(Path file) {
    try {
      return SafetensorsFile.open(file);
    } catch (RealeraException e) {
      throw new NeedsForce(
          e.kind(),
          "the saved step of the training can't be used: " + e.getMessage(),
          REMEDY,
          e.getCause());
    }
  }

  private static float[] floats(SafetensorsFile saved, String name, int length, NDManager manager) {
    TensorInfo info = saved.tensors().get(name);
    if (info != null && info.dtype() != DType.F32) {
      throw damaged(saved.path(), name + " is " + info.dtype() + ", expected F32");
    }
    try (NDArray array = saved.read(name, manager)) {
      float[] values = array.toFloatArray();
      if (values.length != length) {
        throw damaged(saved.path(), name + " has " + values.length + " values, expected " + length);
      }
      return values;
    }
  }

  private static List<Double> losses(Path file, @Nullable String text) {
    if (text == null) {
      throw damaged(file, "it has no losses");
    }
    try {
      double[] values = Json.READER.forType(double[].class).readValue(text);
      if (values == null || !Arrays.stream(values).allMatch(Double::isFinite)) {
        throw damaged(file, "its losses are no list of numbers");
      }
      return new ArrayList<>(Arrays.stream(values).boxed().toList());
    } catch (JsonProcessingException e) {
      throw damaged(file, "its losses are no list of numbers");
    }
  }

  private static RealeraException damaged(Path file, String what) {
    return new NeedsForce(Kind.DAMAGED, file + " is no saved step of a training: " + what, REMEDY);
  }
}

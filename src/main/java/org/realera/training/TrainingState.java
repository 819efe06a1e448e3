package org.realera.training;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import com.fasterxml.jackson.core.JsonProcessingException;
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
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;
import org.realera.tensor.NativeFloats;

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
   * Saves it: the parameters (adapters under PEFT's names), AdamW's moments under torch's, the
   * losses in the metadata.
   */
  public void save(Saved state, String name) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      List<TensorSource> tensors = new ArrayList<>();
      trained
          .parameters()
          .forEach(
              (tensor, values) -> {
                Shape shape = Objects.requireNonNull(trained.shapes().get(tensor));
                NDArray first = moment(optimizer.firstMoments().get(tensor), shape, scope);
                NDArray second = moment(optimizer.secondMoments().get(tensor), shape, scope);
                tensors.add(TensorSource.of(saved(tensor), DType.F32, values.tensor(shape, scope)));
                tensors.add(TensorSource.of(FIRST + tensor, DType.F32, first));
                tensors.add(TensorSource.of(SECOND + tensor, DType.F32, second));
              });
      state.put(name, Map.of(LOSSES, Json.WRITER.writeValueAsString(losses)), tensors);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a list of numbers is always JSON", e);
    }
  }

  private static String saved(String name) {
    boolean lora = name.endsWith(Edits.LORA_A) || name.endsWith(Edits.LORA_B);
    return lora ? name + Edits.WEIGHT : name;
  }

  /** Of a parameter that has had no gradient yet there is none: zeros. */
  private static NDArray moment(@Nullable NativeFloats moment, Shape shape, NDManager scope) {
    return moment == null ? scope.zeros(shape) : moment.tensor(shape, scope);
  }

  /**
   * Reads what {@link #save} wrote.
   *
   * @param fresh parameters of the same names and sizes; their values are replaced
   * @throws RealeraException (damaged) if it is not such a state; names the tensor
   */
  public static TrainingState load(
      Saved state, String name, Trainable fresh, AdamW.Settings settings) {
    try (Saved.Opened opened = open(state, name);
        NDManager manager = NDManager.newBaseManager()) {
      Weights saved = opened.tensors();
      List<Double> losses = losses(saved, opened.metadata().get(LOSSES));
      Map<String, NativeFloats> first = new TreeMap<>();
      Map<String, NativeFloats> second = new TreeMap<>();
      fresh
          .parameters()
          .forEach(
              (tensor, values) -> {
                fill(values, saved, saved(tensor), manager);
                first.put(tensor, filled(values.size(), saved, FIRST + tensor, manager));
                second.put(tensor, filled(values.size(), saved, SECOND + tensor, manager));
              });
      AdamW optimizer = new AdamW(settings, losses.size(), first, second);
      return new TrainingState(fresh, optimizer, losses);
    }
  }

  /** A file that was cut short, as a full disk or a copy leaves it, is of no model: it says so. */
  private static Saved.Opened open(Saved state, String name) {
    try {
      return state.open(name);
    } catch (RealeraException e) {
      throw new NeedsForce(
          e.kind(),
          "the saved step of the training can't be used: " + e.getMessage(),
          REMEDY,
          e.getCause());
    }
  }

  private static NativeFloats filled(long size, Weights saved, String name, NDManager manager) {
    NativeFloats row = NativeFloats.zeros(size);
    fill(row, saved, name, manager);
    return row;
  }

  private static void fill(NativeFloats row, Weights saved, String name, NDManager manager) {
    TensorInfo info = saved.tensors().get(name);
    if (info != null && info.dtype() != DType.F32) {
      throw damaged(saved, name + " is " + info.dtype() + ", expected F32");
    }
    try (NDArray array = saved.read(name, manager)) {
      if (array.size() != row.size()) {
        throw damaged(saved, name + " has " + array.size() + " values, expected " + row.size());
      }
      row.set(array);
    }
  }

  private static List<Double> losses(Weights saved, @Nullable String text) {
    if (text == null) {
      throw damaged(saved, "it has no losses");
    }
    try {
      double[] values = Json.READER.forType(double[].class).readValue(text);
      if (values == null || !Arrays.stream(values).allMatch(Double::isFinite)) {
        throw damaged(saved, "its losses are no list of numbers");
      }
      return new ArrayList<>(Arrays.stream(values).boxed().toList());
    } catch (JsonProcessingException e) {
      throw damaged(saved, "its losses are no list of numbers");
    }
  }

  private static RealeraException damaged(Weights saved, String what) {
    return new NeedsForce(
        Kind.DAMAGED, saved.source() + " is no saved step of a training: " + what, REMEDY);
  }
}

package org.realera.golden;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.files.Json;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.Weights;

/**
 * One recipe and the reference's numbers for it; with {@code -Drealera.show-errors=true} what is
 * found is printed.
 *
 * @param name of the case
 * @param settings all of them, and which model
 * @param golden the numbers, whose names begin with the case's
 */
public record MethodCase(String name, ObjectNode settings, Golden golden) {
  /** AdamW's first moment after one step is this part of the gradient. */
  private static final double MOMENT = 0.1;

  private static final String FIRST_MOMENT = "adamw.exp_avg.";

  /** Of the first step's gradients, against the norm of all. */
  private static final double GRADIENTS = 1e-5;

  /**
   * Against the root mean square of a tensor's first gradients: AdamW divides gradients by their
   * own size, and of what is less than this the direction is rounding.
   */
  private static final double SURE = 1e-3;

  /** The model's folder. */
  public Path model() {
    return Golden.path(settings.path("model").asText("tiny-sd"));
  }

  public EraseRecipe recipe() {
    ObjectNode keys = settings.deepCopy().remove(List.of("model", "paper"));
    EraseRecipe recipe = RecipeReader.parse("a case", Json.text(keys));
    return settings.path("paper").asBoolean() ? recipe.paper() : recipe;
  }

  public NDArray get(String key) {
    return golden.get(name + "." + key);
  }

  private Map<String, NDArray> all(String prefix) {
    return golden.all(name + "." + prefix);
  }

  /** The tensors that the reference changes. */
  public Set<String> changed() {
    Set<String> names = new TreeSet<>(all("W.").keySet());
    names.addAll(all("moved.").keySet());
    return names;
  }

  /**
   * The loss of every step.
   *
   * @param first relative tolerance of the first, which no step came before
   * @param rest that of the others
   */
  public void losses(List<Double> found, double first, double rest) {
    double[] expected = get("losses").toDoubleArray();
    assertThat(found).hasSize(expected.length);
    for (int i = 0; i < expected.length; i++) {
      double error = Math.abs(found.get(i) / expected[i] - 1);
      show("loss " + (i + 1), error);
      assertThat(error).as("loss of step %d", i + 1).isLessThan(i == 0 ? first : rest);
    }
  }

  /**
   * What AdamW was given in its first step: the norms of all gradients where the reference has
   * them, and the values of some.
   *
   * @param saved the state of a training after one step
   * @param training which one, followed by a dot, if there are several; else empty
   * @return the gradients found, of all that is trained
   */
  public Map<String, NDArray> gradients(Path saved, String training) {
    Map<String, NDArray> norms = all("gradient-norm." + training);
    Map<String, NDArray> values = all("gradient." + training);
    Map<String, NDArray> found = new TreeMap<>();
    double whole = 0;
    double error = 0;
    try (SafetensorsFile file = SafetensorsFile.open(saved)) {
      for (String name : file.tensors().keySet()) {
        if (name.startsWith(FIRST_MOMENT)) {
          NDArray moment = file.read(name, golden.scope());
          found.put(name.substring(FIRST_MOMENT.length()), moment.div((float) MOMENT));
        }
      }
    }
    for (Map.Entry<String, NDArray> norm : norms.entrySet()) {
      double expected = norm.getValue().getDouble();
      whole = Math.hypot(whole, expected);
      error = Math.max(error, Math.abs(norm(found.get(norm.getKey())) - expected));
    }
    for (Map.Entry<String, NDArray> value : values.entrySet()) {
      if (norms.isEmpty()) {
        whole = Math.hypot(whole, norm(value.getValue()));
      }
      error = Math.max(error, distance(found.get(value.getKey()), value.getValue()));
    }
    assertThat(whole).isPositive();
    show("gradient", error / whole);
    assertThat(error / whole).as("gradients of the first step").isLessThan(GRADIENTS);
    return found;
  }

  /**
   * Weights, against how far the reference moved them, for what is hardly moved agrees anyway: the
   * values that the reference has, and the norms of its other movements. What it has neither of is
   * as it was.
   *
   * @param original all of the U-Net
   * @param found some or all of it
   * @param gradients of the first step by the names of weights; numbers whose gradient is next to
   *     nothing are left out, which are few
   */
  public void weights(
      Weights original,
      Map<String, NDArray> found,
      Map<String, NDArray> gradients,
      double tolerance) {
    Map<String, NDArray> values = all("W.");
    Map<String, NDArray> deltas = all("delta.");
    Map<String, NDArray> moves = all("moved.");
    assertThat(found.keySet()).containsAll(changed());
    double error = 0;
    double moved = 0;
    long all = 0;
    long unsure = 0;
    for (Map.Entry<String, NDArray> entry : found.entrySet()) {
      String tensor = entry.getKey();
      NDArray before = original.read(tensor, golden.scope());
      NDArray after = entry.getValue();
      if (values.containsKey(tensor)) {
        moved = Math.hypot(moved, distance(values.get(tensor), before));
        NDArray off = after.sub(values.get(tensor));
        if (gradients.containsKey(tensor)) {
          NDArray size = gradients.get(tensor).abs();
          NDArray sure = size.gte(norm(size) / Math.sqrt(size.size()) * SURE);
          off = off.mul(sure.toType(off.getDataType(), false));
          unsure += size.size() - sure.countNonzero().getLong();
        }
        all += off.size();
        error = Math.hypot(error, norm(off));
      } else if (deltas.containsKey(tensor)) {
        moved = Math.hypot(moved, norm(deltas.get(tensor)));
        error = Math.hypot(error, distance(after.sub(before), deltas.get(tensor)));
      } else if (moves.containsKey(tensor)) {
        moved = Math.hypot(moved, moves.get(tensor).getDouble());
        error = Math.hypot(error, distance(after, before) - moves.get(tensor).getDouble());
      } else {
        assertThat(after).as(tensor).isEqualTo(before);
      }
    }
    show("weights", error / moved);
    assertThat(unsure).as("numbers left out").isLessThanOrEqualTo(all / 100);
    assertThat(error / moved).as("relative error of all weights").isLessThan(tolerance);
  }

  /** Sums that the reference has below a prefix, of tensors of the same names in a file. */
  public void sums(String prefix, Path saved, double tolerance) {
    double all = 0;
    double error = 0;
    try (SafetensorsFile file = SafetensorsFile.open(saved)) {
      for (Map.Entry<String, NDArray> sum : all(prefix + ".").entrySet()) {
        NDArray values = file.read(sum.getKey(), golden.scope()).toType(DataType.FLOAT64, false);
        all += sum.getValue().getDouble();
        error += Math.abs(values.sum().getDouble() - sum.getValue().getDouble());
      }
    }
    show(prefix, error / all);
    assertThat(error / all).as("sums of %s", prefix).isLessThan(tolerance);
  }

  /** {@code ||a - b||} in float64. */
  public static double distance(NDArray a, NDArray b) {
    NDArray x = a.toType(DataType.FLOAT64, false);
    return norm(x.sub(b.toType(DataType.FLOAT64, false)));
  }

  /** {@code ||a||} in float64. */
  public static double norm(NDArray a) {
    return a.toType(DataType.FLOAT64, false).norm().toDoubleArray()[0];
  }

  private void show(String what, double error) {
    if (Boolean.getBoolean("realera.show-errors")) {
      System.out.printf("%s %s: relative error %.1e%n", name, what, error);
    }
  }
}

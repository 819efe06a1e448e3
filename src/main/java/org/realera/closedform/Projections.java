package org.realera.closedform;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.realera.checkpoint.CrossAttention;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;

/**
 * The cross-attention projections of a U-Net after the closed form: W_K and W_V of every layer, 32
 * in SD v1.4.
 *
 * @param tensors full tensor name to W, [C, d] fp32 on the CPU, owned by the scope given
 * @param change module to ||W - W_org|| / ||W_org||
 */
public record Projections(Map<String, NDArray> tensors, Map<String, Double> change) {

  /**
   * Applies one T to all of them, one at a time: W = W_org T.
   *
   * @param t T [d, d] float64
   * @param unet the original weights, borrowed
   */
  public static Projections of(NDArray t, Weights unet, NDManager scope) {
    return of(t, CrossAttention.projections(unet), unet, scope);
  }

  /** The same of some of them, by their names. */
  public static Projections of(NDArray t, List<String> modules, Weights unet, NDManager scope) {
    return of(modules, unet, (module, wOrg, inner) -> ClosedForm.project(t, wOrg, inner), scope);
  }

  /** What a method makes of one projection. */
  public interface Edit {
    /**
     * The new weight.
     *
     * @param module its name, {@code ...attn2.to_v}
     * @param w W_org [C, d], of the checkpoint's float type, owned by {@code inner}
     * @param inner for whatever is made on the way
     * @return W [C, d] of any float type, owned by {@code inner}
     */
    NDArray edit(String module, NDArray w, NDManager inner);
  }

  /**
   * Edits some projections, one at a time.
   *
   * @param modules their names, in order
   * @param unet the original weights, borrowed
   */
  public static Projections of(List<String> modules, Weights unet, Edit edit, NDManager scope) {
    Map<String, NDArray> tensors = new TreeMap<>();
    Map<String, Double> change = new LinkedHashMap<>();
    for (String module : modules) {
      try (NDManager inner = scope.newSubManager()) {
        NDArray wOrg = unet.read(module + Edits.WEIGHT, inner);
        NDArray w = edit.edit(module, wOrg, inner).toType(DataType.FLOAT32, true);
        w.attach(scope);
        tensors.put(module + Edits.WEIGHT, w);
        NDArray before = wOrg.toType(DataType.FLOAT32, true);
        double norm = before.norm().getFloat();
        double moved = w.sub(before).norm().getFloat();
        change.put(module, norm == 0 ? 0 : moved / norm);
      }
    }
    return new Projections(tensors, change);
  }

  /** The mean of {@link #change}. */
  public double meanChange() {
    return change.values().stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }
}

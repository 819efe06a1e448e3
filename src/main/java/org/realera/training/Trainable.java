package org.realera.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.SortedMap;
import org.realera.safetensors.Weights;
import org.realera.tensor.Edits;
import org.realera.tensor.NativeFloats;

/**
 * What a training changes of a network: {@link LoraAdapters} or {@link WholeWeights}. Numbers are
 * float32 on the CPU, whatever the network computes in, and carry the names of {@link Edits}.
 */
public interface Trainable {

  /** Name to values; its own rows, which an optimizer changes in place. */
  SortedMap<String, NativeFloats> parameters();

  /** Name to shape. */
  SortedMap<String, Shape> shapes();

  /**
   * The parameters as edits over others. On the CPU they are the parameters' own memory: as they
   * are at any time, not as they were.
   *
   * @param base what else differs from the original; kept but for edits of the same names; borrowed
   * @param scope owns the parameters' tensors and says on which device they are
   */
  Edits edits(Edits base, NDManager scope);

  /**
   * The tensors of the trained network.
   *
   * @param edited full tensor name to values where a method has changed them already, fp32 on the
   *     CPU, borrowed
   * @param original the network's weights; borrowed
   * @param scope owns what is new; a manager of the CPU
   * @return {@code edited} with the trained tensors over it
   */
  Map<String, NDArray> merge(Map<String, NDArray> edited, Weights original, NDManager scope);
}

package org.realera.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.SortedMap;

/**
 * A checkpoint as data: tensor name (diffusers' names) to tensor, memory-mapped and read when asked
 * for. Closing it unmaps; arrays made by {@link #read} must not outlive it.
 */
public interface Weights extends AutoCloseable {

  /** What is there: name to dtype and shape, ordered by name. Reads no tensor data. */
  SortedMap<String, TensorInfo> tensors();

  /**
   * Reads one tensor. F32, F64, F16 and integers keep their dtype and are mapped, not copied, where
   * they fit; BF16 is widened to F32. The result is read-only: never write into it in place.
   *
   * @return the tensor, owned by {@code scope}, valid while this is open
   * @throws org.realera.RealeraException (damaged) if there is no such tensor; names the file
   */
  NDArray read(String name, NDManager scope);

  /**
   * Where one tensor's bytes lie, under the name and shape that it has here.
   *
   * @return valid while this is open
   * @throws org.realera.RealeraException (damaged) if there is no such tensor; names the file
   */
  TensorSource.Stored stored(String name);

  /** The file or folder this came from, for error messages. */
  String source();

  @Override
  void close();
}

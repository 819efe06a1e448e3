package org.realera.scorer.face;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/** The tensors of one network in a file that holds several. */
final class ScorerWeights implements Weights {
  private final Weights all;
  private final SortedMap<String, TensorInfo> tensors = new TreeMap<>();

  /**
   * Takes the tensors whose names begin with one of the prefixes.
   *
   * @param all borrowed
   */
  ScorerWeights(Weights all, String... prefixes) {
    this.all = all;
    all.tensors()
        .forEach(
            (name, info) -> {
              if (Arrays.stream(prefixes).anyMatch(name::startsWith)) {
                tensors.put(name, info);
              }
            });
  }

  /**
   * Checks that all tensors of a network are there, in its shapes.
   *
   * @param what the network, for the message
   * @param shapes by name, in the order in which they are looked for
   * @throws RealeraException (damaged) that names the first that does not fit
   */
  void require(String what, Map<String, List<Long>> shapes) {
    shapes.forEach(
        (name, shape) -> {
          TensorInfo info = tensors.get(name);
          if (info == null) {
            throw unfit(what, name + " is missing");
          }
          if (!info.dtype().isReadable() || !info.dtype().isFloating()) {
            throw unfit(what, name + " is " + info.dtype().label() + ", expected numbers");
          }
          if (!info.shape().equals(shape)) {
            throw unfit(what, name + " is " + info.shapeText() + ", expected " + shape);
          }
        });
  }

  /** A size that only the file says: of a tensor's rows; 0 if there is no such tensor. */
  long rows(String name) {
    TensorInfo info = tensors.get(name);
    return info == null || info.shape().isEmpty() ? 0 : info.shape().get(0);
  }

  private RealeraException unfit(String what, String how) {
    return RealeraException.damaged(
        source() + " holds no " + what + ": the tensor " + how,
        "Make the file with scripts/scorers/convert_celebrity.py.");
  }

  /** The error of a network whose output is no number. */
  static RealeraException broken(String network) {
    return RealeraException.damaged(
        network + " gives numbers that are NaN or infinite",
        "Its weights are broken: make the file with scripts/scorers/convert_celebrity.py again.");
  }

  @Override
  public SortedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  @Override
  public NDArray read(String name, NDManager scope) {
    return all.read(name, scope);
  }

  @Override
  public TensorSource.Stored stored(String name) {
    return all.stored(name);
  }

  @Override
  public String source() {
    return all.source();
  }

  @Override
  public void close() {
    // the file belongs to the caller
  }
}

package org.realera.scorer.face;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
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
   * Checks that all tensors of a network are there.
   *
   * @param what the network, for the message
   * @throws RealeraException (damaged) that names the first that is missing
   */
  void require(String what, Collection<String> names) {
    for (String name : names) {
      if (!tensors.containsKey(name)) {
        throw RealeraException.damaged(
            source() + " holds no " + what + ": the tensor " + name + " is missing",
            "Make the file with scripts/scorers/convert_celebrity.py");
      }
    }
  }

  /** The error of a network whose output is no number. */
  static RealeraException broken(String network) {
    return RealeraException.damaged(
        network + " gives numbers that are NaN or infinite",
        "Its weights are broken: make the file with scripts/scorers/convert_celebrity.py again.");
  }

  /** A tensor that {@link #require} found. */
  TensorInfo info(String name) {
    return Objects.requireNonNull(tensors.get(name));
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

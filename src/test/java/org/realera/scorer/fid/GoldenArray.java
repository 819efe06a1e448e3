package org.realera.scorer.fid;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import org.realera.scorer.ScorerGolden;

/**
 * An array that a script under scripts/golden saved with NumPy.
 *
 * @param shape sizes, outermost first
 * @param values all elements, last dimension fastest
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier
public record GoldenArray(List<Integer> shape, double[] values) {

  /** Reads a {@code .npy} file under src/test/resources/golden. */
  public static GoldenArray read(String name) {
    try {
      Npy array = Npy.parse(Files.readAllBytes(ScorerGolden.file(name)), name);
      return new GoldenArray(array.shape(), array.values());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

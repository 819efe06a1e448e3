package org.realera.golden;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.realera.safetensors.SafetensorsFile;

/** Reference values from {@code src/test/resources/golden}. */
public final class Golden implements AutoCloseable {
  private final String source;
  private final SafetensorsFile file;
  private final NDManager scope;

  private Golden(String source, SafetensorsFile file, NDManager scope) {
    this.source = source;
    this.file = file;
    this.scope = scope;
  }

  public static Golden open(String name) {
    return new Golden(name, SafetensorsFile.open(path(name)), NDManager.newBaseManager());
  }

  public static Path path(String name) {
    try {
      return Path.of(
          Objects.requireNonNull(Golden.class.getResource("/golden/" + name), name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** For what is computed from the values here. */
  public NDManager scope() {
    return scope;
  }

  public NDArray get(String name) {
    return file.read(name, scope);
  }

  /** All tensors whose names begin with a prefix, by the rest of their names. */
  public Map<String, NDArray> all(String prefix) {
    Map<String, NDArray> found = new TreeMap<>();
    for (String name : file.tensors().keySet()) {
      if (name.startsWith(prefix)) {
        found.put(name.substring(prefix.length()), get(name));
      }
    }
    return found;
  }

  /** Rows of an I64 matrix. */
  public long[][] rows(String name) {
    NDArray matrix = get(name);
    long[][] rows = new long[(int) matrix.getShape().get(0)][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = matrix.get(i).toLongArray();
    }
    return rows;
  }

  /**
   * Asserts ||a - b|| / ||b|| <= tolerance; with {@code -Drealera.show-errors=true} what was found
   * is printed too.
   */
  public void assertClose(String name, NDArray actual, double tolerance) {
    double found = relativeError(actual, get(name));
    if (Boolean.getBoolean("realera.show-errors")) {
      System.out.printf("%s %s: relative error %.1e%n", source, name, found);
    }
    assertThat(found).as("relative error of %s", name).isLessThanOrEqualTo(tolerance);
  }

  /** ||a - b|| / ||b|| in float64. */
  public static double relativeError(NDArray actual, NDArray expected) {
    assertThat(actual.getShape()).isEqualTo(expected.getShape());
    NDArray a = actual.toType(DataType.FLOAT64, false);
    NDArray b = expected.toType(DataType.FLOAT64, false);
    return a.sub(b).norm().toDoubleArray()[0] / b.norm().toDoubleArray()[0];
  }

  @Override
  public void close() {
    scope.close();
    file.close();
  }
}

package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Golden;
import org.realera.tensor.Engine;

/** Tests on a model in miniature, which is opened once for all of a class. */
abstract class TinyModelTests {
  static Model model;

  /** Owns a test's tensors, on the CPU. */
  NDManager scope;

  @TempDir Path root;

  @BeforeAll
  static void load() {
    model = new Model(Checkpoint.open(Golden.path("tiny-sd")), Engine.compute("cpu", "fp32"));
  }

  @AfterAll
  static void unload() {
    model.close();
  }

  @BeforeEach
  void open() {
    scope = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    scope.close();
  }

  /** A new folder for a run's state. */
  Path folder(String name) throws IOException {
    return Files.createDirectory(root.resolve(name));
  }

  static List<Float> floats(NDArray tensor) {
    return Arrays.stream(tensor.toArray()).map(Number::floatValue).toList();
  }
}

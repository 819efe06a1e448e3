package org.realera.concept;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Golden;
import org.realera.tensor.Engine;
import org.realera.text.TextModel;

/** The miniature's text encoder, open for a test. */
abstract class TinyText {
  NDManager scope;
  TextModel text;

  @BeforeEach
  void open() {
    scope = NDManager.newBaseManager(Device.cpu());
    text = TextModel.load(Checkpoint.open(Golden.path("tiny-sd")), Engine.compute("cpu", "fp32"));
  }

  @AfterEach
  void close() {
    text.close();
    scope.close();
  }
}

package org.realera.closedform;

import org.realera.tensor.TorchScript;

/** The few float64 operations of the closed form: {@code closed_form.py}. */
final class LinearAlgebra {
  private LinearAlgebra() {}

  private static final class Script {
    static final TorchScript INSTANCE = TorchScript.load("closed_form");
  }

  static TorchScript script() {
    return Script.INSTANCE;
  }
}

package org.realera.eval;

/** The evaluation was asked to stop; what it has drawn is kept. */
public final class EvalStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EvalStoppedException(String message) {
    super(message);
  }
}

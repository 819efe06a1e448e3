package org.realera;

/** Work has stopped as it was asked to; what it left can be gone on with. */
public final class Stopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param left what is there now and how to go on, one line
   */
  public Stopped(String left) {
    super(left);
  }
}

package org.realera;

import org.jspecify.annotations.Nullable;

/**
 * What a user can mend: one line that says what is wrong and where (file, tensor, expected and
 * found), and a second that says what to do. Anything else that is thrown is a defect of ours.
 */
public sealed class RealeraException extends RuntimeException permits NeedsForce {
  private static final long serialVersionUID = 1L;

  /**
   * What went wrong, as far as a shell script needs to know; the exit code is part of the contract.
   */
  public enum Kind {
    /** The work was tried and failed. */
    FAILED(1),
    /** The command line or a recipe asks for something that makes no sense. */
    USAGE(2),
    /** A model, file or data set is not where it was looked for. */
    NOT_FOUND(3),
    /** A file is damaged, or of a kind that is not supported. */
    DAMAGED(4),
    /** Out of memory or disk. */
    RESOURCES(5);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    public int exitCode() {
      return exitCode;
    }
  }

  private final Kind kind;
  private final String remedy;

  /**
   * @param message what is wrong and where, one line without a full stop at its end
   * @param remedy what the user can do about it, one line of whole sentences; empty for none
   */
  public RealeraException(Kind kind, String message, String remedy) {
    this(kind, message, remedy, null);
  }

  public RealeraException(Kind kind, String message, String remedy, @Nullable Throwable cause) {
    super(message, cause);
    assert isSentence(remedy) : "no sentence: " + remedy;
    this.kind = kind;
    this.remedy = remedy;
  }

  /** Begins with a capital and, where it ends in a word, with a stop; a command may end without. */
  private static boolean isSentence(String text) {
    return !text.matches("(?s)\\p{Lower}+[ ,].*") && !text.matches("(?s).*[ (][\\p{L}\\d-]+\\)?");
  }

  public Kind kind() {
    return kind;
  }

  /** The same error in other words. */
  public RealeraException saying(String message, @Nullable Throwable cause) {
    return new RealeraException(kind, message, remedy, cause);
  }

  public String remedy() {
    return remedy;
  }

  public static RealeraException usage(String message, String remedy) {
    return new RealeraException(Kind.USAGE, message, remedy);
  }

  public static RealeraException notFound(String message, String remedy) {
    return new RealeraException(Kind.NOT_FOUND, message, remedy);
  }

  public static RealeraException damaged(String message, String remedy) {
    return new RealeraException(Kind.DAMAGED, message, remedy);
  }
}

package org.realera.erase;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** What input/output errors mean to the user. */
final class Failures {
  private Failures() {}

  /**
   * The error for the user; a full disk has an exit code of its own.
   *
   * @param verb what was tried: {@code write to}
   * @param path what it was tried on
   */
  static RealeraException of(String verb, Path path, IOException e) {
    String reason = reason(e);
    String lower = reason.toLowerCase(Locale.ROOT);
    if (lower.contains("no space left") || lower.contains("quota")) {
      return new RealeraException(
          Kind.RESOURCES,
          "could not " + verb + " " + path + ": " + reason,
          "free some space, or choose another --out",
          e);
    }
    return new RealeraException(
        Kind.FAILED,
        "could not " + verb + " " + path + ": " + reason,
        "check that the folder exists and may be written, or choose another --out",
        e);
  }

  private static String reason(IOException e) {
    if (e instanceof AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "there is a file of that name";
    }
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}

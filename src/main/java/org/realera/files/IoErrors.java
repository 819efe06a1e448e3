package org.realera.files;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import java.util.Objects;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** Turns what the file system says into errors that say what to do. */
public final class IoErrors {
  /** What to do where a process may open no further file. */
  public static final String MORE_FILES = "Run `ulimit -n 1024` and try again.";

  private IoErrors() {}

  /** An error for a file or folder that could not be read. */
  public static RealeraException reading(Path path, IOException e) {
    if (isTooManyOpen(reason(e))) {
      return tooManyOpen(path, e);
    }
    if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
      return new RealeraException(
          Kind.NOT_FOUND, path + " is missing", "Check the path, or fetch the file again.", e);
    }
    if (e instanceof AccessDeniedException) {
      return new RealeraException(
          Kind.FAILED,
          "no permission to read " + path,
          "Give yourself read permission, or use a copy you may read.",
          e);
    }
    if (e.getCause() instanceof OutOfMemoryError
        || reason(e).toLowerCase(Locale.ROOT).contains("cannot allocate memory")) {
      return new RealeraException(
          Kind.RESOURCES,
          "out of memory reading " + path + ": " + reason(e),
          "Close other programs, or raise the limit of address space (ulimit -v).",
          e);
    }
    return new RealeraException(
        Kind.FAILED,
        "can't read " + path + ": " + reason(e),
        "Check the disk, or copy the file to another one.",
        e);
  }

  /** The same for a walk through a folder, which says so in its own way: names what it was at. */
  public static RealeraException reading(Path folder, UncheckedIOException e) {
    IOException cause = Objects.requireNonNull(e.getCause());
    String at = cause instanceof FileSystemException f ? f.getFile() : null;
    return reading(at == null ? folder : Path.of(at), cause);
  }

  /** An error for a file or folder that could not be written. */
  public static RealeraException writing(Path path, IOException e) {
    if (isTooManyOpen(reason(e))) {
      return tooManyOpen(path, e);
    }
    if (isDiskFull(reason(e))) {
      return new RealeraException(
          Kind.RESOURCES,
          "no space left to write " + path,
          "Free some disk space, or write to another disk.",
          e);
    }
    if (e instanceof AccessDeniedException) {
      return new RealeraException(
          Kind.FAILED,
          "no permission to write " + path,
          "Choose a folder that you may write to.",
          e);
    }
    if (e instanceof FileAlreadyExistsException
        || e instanceof NotDirectoryException
        || reason(e).contains("Not a directory")) {
      return new RealeraException(
          Kind.FAILED,
          "can't write " + path + ": a file is where a folder on the way should be",
          "Write somewhere else.",
          e);
    }
    if (e instanceof NoSuchFileException) {
      return new RealeraException(
          Kind.FAILED,
          "can't write "
              + path
              + ": there is no such folder, or the system refuses new files there",
          "Write somewhere else.",
          e);
    }
    return new RealeraException(
        Kind.FAILED,
        "can't write " + path + ": " + reason(e),
        "Check the folder and its disk, or write somewhere else.",
        e);
  }

  /** The same for a file system that is mounted read-only and says so without an IOException. */
  public static RealeraException writing(Path path, ReadOnlyFileSystemException e) {
    return new RealeraException(
        Kind.FAILED,
        "can't write " + path + ": the file system is read-only",
        "Write somewhere else.",
        e);
  }

  private static RealeraException tooManyOpen(Path path, IOException e) {
    return new RealeraException(
        Kind.RESOURCES, "too many open files to open " + path, MORE_FILES, e);
  }

  /** Whether this is how a system says that a process may open no further file. */
  public static boolean isTooManyOpen(String reason) {
    return reason.toLowerCase(Locale.ROOT).contains("too many open files");
  }

  /** Whether this is how a system says that nothing more fits. */
  public static boolean isDiskFull(String reason) {
    String text = reason.toLowerCase(Locale.ROOT);
    return text.contains("no space left")
        || text.contains("disk quota exceeded")
        || text.contains("not enough space")
        || text.contains("file too large");
  }

  static String reason(IOException e) {
    String reason = e instanceof FileSystemException f ? f.getReason() : e.getMessage();
    return reason == null ? e.getClass().getSimpleName() : reason;
  }
}

package org.realera.erase;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.files.IoErrors;

/**
 * A model's files as they are at a time. What an erasure writes is of the files that it opened,
 * maybe hours before: those that came in their place in the meantime belong to another model.
 */
record SourceFiles(Map<Path, Stamp> files) {

  /**
   * What tells a file from one that replaced it, and from itself after a change.
   *
   * @param key what the system tells files apart by; null where it has nothing of the kind
   */
  record Stamp(long size, @Nullable Object key, FileTime modified) {}

  /** The model's files now; links stand for what they point to. */
  static SourceFiles of(Checkpoint model) {
    Map<Path, Stamp> files = new LinkedHashMap<>();
    model.files().forEach(file -> files.put(file, stamp(file)));
    return new SourceFiles(files);
  }

  private static Stamp stamp(Path file) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(attributes.size(), attributes.fileKey(), attributes.lastModifiedTime());
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /**
   * Checks that all of them are what they were.
   *
   * @throws RealeraException (damaged) naming the first that is not; (not found) if one is gone
   */
  void requireUnchanged() {
    files.forEach(
        (file, before) -> {
          if (!stamp(file).equals(before)) {
            throw RealeraException.damaged(
                file + " was replaced or written to while the model was being erased",
                "Run it again; with --resume it goes on if the model is still the same.");
          }
        });
  }
}

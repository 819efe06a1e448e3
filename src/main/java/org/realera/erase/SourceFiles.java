package org.realera.erase;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Extent;
import org.realera.files.IoErrors;

/**
 * A model's files as they were when they were checked. What an erasure writes is of the files that
 * it opened, maybe hours before: those that came in their place meanwhile belong to another model.
 */
final class SourceFiles {
  private final Path model;
  private final Extent extent;
  private final SortedMap<Path, Stamp> files;
  private final SortedMap<String, String> fingerprints;

  /**
   * What tells a file from one that replaced it, and from itself after a change, at no cost.
   *
   * @param key what the system tells files apart by; null where it has nothing of the kind
   */
  private record Stamp(long size, @Nullable Object key, FileTime modified) {}

  /**
   * The model's files now; links stand for what they point to.
   *
   * @param extent what of the model is read
   */
  SourceFiles(Checkpoint model, Extent extent) {
    this.model = model.location();
    this.extent = extent;
    this.files = stamps(model);
    this.fingerprints = model.fingerprintsOfFinite(extent);
  }

  /** As {@link Checkpoint#fingerprintsOfFinite}. */
  SortedMap<String, String> fingerprints() {
    return fingerprints;
  }

  private static SortedMap<Path, Stamp> stamps(Checkpoint model) {
    SortedMap<Path, Stamp> stamps = new TreeMap<>();
    for (Path file : model.files()) {
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        stamps.put(file, new Stamp(now.size(), now.fileKey(), now.lastModifiedTime()));
      } catch (IOException e) {
        throw IoErrors.reading(file, e);
      }
    }
    return stamps;
  }

  /**
   * Checks that they are of the same model. Where a file was touched, all is read again.
   *
   * @throws RealeraException (damaged) if they are not
   */
  void requireUnchanged() {
    Checkpoint now = Checkpoint.open(model);
    if (!stamps(now).equals(files) && !now.fingerprintsOfFinite(extent).equals(fingerprints)) {
      throw RealeraException.damaged(
          model + " was replaced or changed while it was being erased",
          "Run it again: what is saved can be gone on with if the model is as it was.");
    }
  }
}

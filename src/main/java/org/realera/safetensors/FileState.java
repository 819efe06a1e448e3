package org.realera.safetensors;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a file was when it was opened. A mapped file that another program makes shorter ends this
 * one with SIGBUS when the bytes that went are touched; it is asked before and after each mapping.
 *
 * @param size bytes
 * @param key what the system tells files apart by; null where it has nothing of the kind
 * @param modified when it was last written
 */
record FileState(long size, @Nullable Object key, FileTime modified) {
  /** What an open file is now; {@code file} names it, unless it was replaced a moment ago. */
  static FileState of(Path file, FileChannel open) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileState(open.size(), attributes.fileKey(), attributes.lastModifiedTime());
  }

  /**
   * Refuses a file that has been written to since. One that was replaced by a rename, or removed,
   * is still what it was for whoever has it open.
   *
   * @throws org.realera.RealeraException (damaged) naming it
   */
  void requireUnchanged(Path file, FileChannel open) throws IOException {
    if (open.size() != size) {
      throw SafetensorsFile.shrunk(file);
    }
    if (key == null || !Files.exists(file)) {
      return;
    }
    FileState now = of(file, open);
    if (Objects.equals(now.key, key) && !now.modified.equals(modified)) {
      throw SafetensorsFile.shrunk(file);
    }
  }
}

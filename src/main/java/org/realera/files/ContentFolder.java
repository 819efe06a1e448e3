package org.realera.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.realera.RealeraException;

/** Folders of small files that are named after their content, so that equal content meets. */
public final class ContentFolder {
  private ContentFolder() {}

  /**
   * A folder with exactly these files; written if it is not there yet, by one rename.
   *
   * @param parent where it shall stand; made if need be
   * @param files relative path, checked by the caller, to content
   * @param large the same for files whose content is always the same, and costs time to make: asked
   *     for only if the folder is not there yet
   * @throws RealeraException resources or failed if it can't be written
   */
  public static Path of(
      Path parent, SortedMap<String, byte[]> files, SortedMap<String, Supplier<byte[]>> large) {
    Path folder = parent.resolve(id(files, large.keySet()));
    try {
      CacheFolders.make(
          folder,
          there -> isWhole(there, files, large.keySet()),
          made -> {
            for (var file : files.entrySet()) {
              CacheFolders.write(made.resolve(file.getKey()), file.getValue());
            }
            for (var file : large.entrySet()) {
              CacheFolders.write(made.resolve(file.getKey()), file.getValue().get());
            }
          });
      return folder;
    } catch (IOException e) {
      RealeraException error = IoErrors.writing(folder, e);
      throw new RealeraException(
          error.kind(),
          String.valueOf(error.getMessage()),
          "Set REALERA_CACHE to a folder on a disk with some space that you may write to.",
          e);
    }
  }

  private static boolean isWhole(Path folder, SortedMap<String, byte[]> files, Set<String> large)
      throws IOException {
    for (String name : large) {
      if (!Files.isRegularFile(folder.resolve(name))) {
        return false;
      }
    }
    for (var file : files.entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!Files.isRegularFile(path) || !Arrays.equals(Files.readAllBytes(path), file.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static String id(SortedMap<String, byte[]> files, Set<String> large) {
    MessageDigest sha = Digests.digest();
    files.forEach(
        (name, content) -> {
          sha.update((name + "\n" + content.length + "\n").getBytes(StandardCharsets.UTF_8));
          sha.update(content);
        });
    sha.update(String.join("\n", large).getBytes(StandardCharsets.UTF_8));
    return HexFormat.of().formatHex(sha.digest()).substring(0, 16);
  }
}

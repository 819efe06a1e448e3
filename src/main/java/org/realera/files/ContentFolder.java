package org.realera.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Supplier;
import org.realera.RealeraException;

/** Folders of small files that are named after their content, so that equal content meets. */
public final class ContentFolder {
  private ContentFolder() {}

  /**
   * A file whose content costs time to make.
   *
   * @param sha256 of its content, in lower-case hexadecimal
   * @param content asked for only where the file is not there yet, or has other content
   */
  public record Large(String sha256, Supplier<byte[]> content) {}

  /**
   * A folder with exactly these files; written if it is not there yet, by one rename, and again if
   * the content of one is no longer the same.
   *
   * @param parent where it shall stand; made if need be
   * @param files relative path, checked by the caller, to content
   * @param large the same for files that cost time to make
   * @throws RealeraException resources or failed if it can't be written
   */
  public static Path of(
      Path parent, SortedMap<String, byte[]> files, SortedMap<String, Large> large) {
    Path folder = parent.resolve(id(files, large));
    try {
      CacheFolders.make(
          folder,
          there -> isWhole(there, files, large),
          made -> {
            for (var file : files.entrySet()) {
              CacheFolders.write(made.resolve(file.getKey()), file.getValue());
            }
            for (var file : large.entrySet()) {
              CacheFolders.write(made.resolve(file.getKey()), file.getValue().content().get());
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

  private static boolean isWhole(
      Path folder, SortedMap<String, byte[]> files, SortedMap<String, Large> large)
      throws IOException {
    for (var file : large.entrySet()) {
      Path path = folder.resolve(file.getKey());
      if (!Files.isRegularFile(path)
          || !Digests.sha256(List.of(path)).equals(file.getValue().sha256())) {
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

  private static String id(SortedMap<String, byte[]> files, SortedMap<String, Large> large) {
    MessageDigest sha = Digests.digest();
    files.forEach(
        (name, content) -> {
          sha.update((name + "\n" + content.length + "\n").getBytes(StandardCharsets.UTF_8));
          sha.update(content);
        });
    large.forEach(
        (name, file) ->
            sha.update((name + "\n" + file.sha256() + "\n").getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(sha.digest()).substring(0, 16);
  }
}

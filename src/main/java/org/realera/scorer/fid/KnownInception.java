package org.realera.scorer.fid;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.files.Digests;
import org.realera.files.IoErrors;

/**
 * The Inception networks that may be loaded. A TorchScript file is a program, which could write
 * files or send them away. So only those run whose SHA-256 is in a list that stands in the class
 * path, where the program itself stands.
 */
final class KnownInception {
  /** As sha256sum writes it: the digest of a file, two blanks, its name. */
  private static final String LIST = "org/realera/scorer/inception.sha256";

  /** Bytes; the network takes 91 MiB. */
  private static final int MOST = 256 << 20;

  private static final Set<String> KNOWN = known();

  private KnownInception() {}

  /**
   * Reads a network's file.
   *
   * @return its bytes, which are those that were checked: the file may change after that
   * @throws RealeraException (not found) without the file; (damaged) for every other file than the
   *     known ones
   */
  static byte[] read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw RealeraException.notFound(
          "there is no Inception network " + file,
          "Give inception-2015-12-05.pt, as NVIDIA publishes it.");
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST + 1);
      String digest = Digests.sha256(bytes);
      if (bytes.length > MOST || !KNOWN.contains(digest)) {
        throw RealeraException.damaged(
            file
                + " is not FID's Inception network, and is not run: a TorchScript file is a"
                + " program ("
                + (bytes.length > MOST ? "it is too large" : "its SHA-256 is " + digest)
                + ")",
            "Give inception-2015-12-05.pt as NVIDIA publishes it, with the SHA-256 "
                + String.join(" or ", KNOWN.stream().sorted().toList()));
      }
      return bytes;
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private static Set<String> known() {
    try {
      List<URL> lists = Collections.list(KnownInception.class.getClassLoader().getResources(LIST));
      return lists.stream()
          .flatMap(KnownInception::lines)
          .map(line -> line.split("\\s+", 2)[0])
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Stream<String> lines(URL list) {
    try (InputStream in = list.openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package org.realera.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript sources into the archive that libtorch loads: a stored zip with one top folder.
 *
 * <p>{@code code/__torch__.py} is the network's own source, a class {@code Net}; {@code
 * code/__torch__/ops.py} the functions that networks share. {@code data.pkl} is one {@code Net}
 * whose weights {@code w} are an empty dictionary: they are handed over after loading.
 */
final class ScriptArchive {
  private static final String FOLDER = "/org/realera/torchscript/";

  /** Pickle, protocol 2: an empty tuple. */
  private static final String NO_CONSTANTS = "\u0080\u0002).";

  /** Pickle, protocol 2: {@code Net()} with {@code training = False} and {@code w = {}}. */
  private static final String EMPTY_NET =
      "\u0080\u0002c__torch__\nNet\n)\u0081}("
          + "X\u0008\0\0\0training\u0089"
          + "X\u0001\0\0\0w}"
          + "ub.";

  private ScriptArchive() {}

  /**
   * Packs one network with the shared functions.
   *
   * @param name file name of the network's source without {@code .py}
   * @return the archive's bytes
   */
  static byte[] pack(String name) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, "version", "3\n".getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "constants.pkl", NO_CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "data.pkl", EMPTY_NET.getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "code/__torch__.py", source(name));
      put(zip, "code/__torch__/ops.py", source("ops"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry("net/" + name);
    entry.setTime(0);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] source(String name) throws IOException {
    try (InputStream in = ScriptArchive.class.getResourceAsStream(FOLDER + name + ".py")) {
      if (in == null) {
        throw new IllegalArgumentException("no TorchScript source " + FOLDER + name + ".py");
      }
      return in.readAllBytes();
    }
  }
}

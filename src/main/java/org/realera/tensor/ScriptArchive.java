package org.realera.tensor;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Puts TorchScript sources into the archive that libtorch loads: a stored zip with one top folder.
 *
 * <p>{@code code/__torch__.py} is the network's own source, a class {@code Net}; {@code
 * code/__torch__/ops.py} the functions that networks share, {@code code/__torch__/packed.py} those
 * of packed weights. {@code data.pkl} is one {@code Net} with every attribute zero or empty:
 * weights and settings are handed over after loading.
 */
final class ScriptArchive {
  private static final String FOLDER = "/org/realera/torchscript/";

  /** Pickle, protocol 2: an empty tuple. */
  private static final String NO_CONSTANTS = "\u0080\u0002).";

  /** An attribute's declaration in the class {@code Net}. */
  private static final Pattern ATTRIBUTE = Pattern.compile("^  (\\w+) : (.+)$", Pattern.MULTILINE);

  /** What an attribute of each type holds before it is set, pickled. */
  private static final Map<String, String> EMPTY =
      Map.of(
          "bool", "\u0089",
          "int", "K\0",
          "float", "G\0\0\0\0\0\0\0\0",
          "str", "X\0\0\0\0",
          "List[int]", "]",
          "Dict[str, Tensor]", "}");

  private ScriptArchive() {}

  /**
   * One network with the shared functions.
   *
   * @param name file name of the network's source without {@code .py}
   * @param onWeights file name of the functions of packed weights: packed or unpacked
   * @return the archive's bytes
   */
  static byte[] of(String name, String onWeights) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      byte[] source = source(name);
      put(zip, "version", "3\n".getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "constants.pkl", NO_CONSTANTS.getBytes(StandardCharsets.ISO_8859_1));
      put(zip, "data.pkl", emptyNet(new String(source, StandardCharsets.UTF_8)));
      put(zip, "code/__torch__.py", source);
      put(zip, "code/__torch__/ops.py", source("ops"));
      put(zip, "code/__torch__/packed.py", source(onWeights));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Pickle, protocol 2: one {@code Net} whose attributes are all empty. */
  private static byte[] emptyNet(String source) {
    StringBuilder pickle = new StringBuilder("\u0080\u0002c__torch__\nNet\n)\u0081}(");
    Matcher attribute = ATTRIBUTE.matcher(source);
    while (attribute.find()) {
      String name = attribute.group(1);
      String empty = EMPTY.get(attribute.group(2));
      if (empty == null) {
        throw new IllegalArgumentException("an attribute can't be a " + attribute.group(2));
      }
      pickle.append('X').append((char) name.length()).append("\0\0\0").append(name).append(empty);
    }
    return pickle.append("ub.").toString().getBytes(StandardCharsets.ISO_8859_1);
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

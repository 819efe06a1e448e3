package org.realera.scorer.fid;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One short word as numpy keeps it: a scalar of type {@code <U}. */
final class NpyText {
  private static final Charset UTF_32 = Charset.forName("UTF-32LE");
  private static final Pattern TEXT = Pattern.compile("'descr'\\s*:\\s*'(<U|\\|S)\\d+'");

  private NpyText() {}

  /** The file {@code numpy.save(file, word)} writes. */
  static byte[] bytes(String word) {
    return Npy.file("<U" + word.length(), List.of(), word.getBytes(UTF_32));
  }

  /**
   * Reads such a file.
   *
   * @return empty if it holds something else
   * @throws org.realera.RealeraException (damaged) if it is no numpy array
   */
  static Optional<String> parse(byte[] bytes, String source) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    Matcher type = TEXT.matcher(Npy.header(in, source));
    if (!type.find()) {
      return Optional.empty();
    }
    Charset charset = type.group(1).equals("<U") ? UTF_32 : StandardCharsets.US_ASCII;
    return Optional.of(charset.decode(in).toString().replace("\0", ""));
  }
}

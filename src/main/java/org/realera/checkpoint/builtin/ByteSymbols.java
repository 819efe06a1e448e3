package org.realera.checkpoint.builtin;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The printable character that stands for each byte in a byte-level BPE vocabulary: GPT-2's table.
 */
public final class ByteSymbols {
  /** The 256 symbols in the order of CLIP's vocabulary: printable bytes first. */
  public static final List<String> IN_ORDER;

  private static final Map<Integer, Integer> BYTE_OF = new HashMap<>();

  static {
    List<String> symbols = new ArrayList<>();
    for (int b = 0; b < 256; b++) {
      if (isPrintable(b)) {
        BYTE_OF.put(b, b);
        symbols.add(Character.toString(b));
      }
    }
    int next = 256;
    for (int b = 0; b < 256; b++) {
      if (!isPrintable(b)) {
        BYTE_OF.put(next, b);
        symbols.add(Character.toString(next));
        next++;
      }
    }
    IN_ORDER = List.copyOf(symbols);
  }

  private ByteSymbols() {}

  private static boolean isPrintable(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
  }

  /** The text that a token's symbols stand for; a part of a character shows as U+FFFD. */
  public static String decode(String symbols) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    symbols
        .codePoints()
        .forEach(
            c -> {
              Integer b = BYTE_OF.get(c);
              if (b == null) {
                bytes.writeBytes(Character.toString(c).getBytes(StandardCharsets.UTF_8));
              } else {
                bytes.write(b);
              }
            });
    return bytes.toString(StandardCharsets.UTF_8);
  }
}

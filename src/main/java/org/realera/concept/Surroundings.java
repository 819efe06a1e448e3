package org.realera.concept;

import java.util.stream.IntStream;
import org.realera.text.ClipTokenizer;
import org.realera.text.Tokens;

/**
 * The rows around what differs between two prompts (MACE, stage 1): their common beginning, and
 * their common end, which goes on through the padding.
 *
 * @param rows of the first prompt's embedding, in order
 * @param partners the second prompt's row for each of them
 */
@SuppressWarnings("ArrayRecordComponent") // lives for one call only
public record Surroundings(int[] rows, int[] partners) {

  /** Compares token by token; the longer end is cut to the shorter one. */
  public static Surroundings of(Tokens first, Tokens second) {
    long[] a = first.ids();
    long[] b = second.ids();
    int shorter = Math.min(first.length(), second.length());
    int start = 0;
    while (start < shorter && a[start] == b[start]) {
      start++;
    }
    int end = 0;
    while (end < shorter - start && a[first.length() - 1 - end] == b[second.length() - 1 - end]) {
      end++;
    }
    int fromA = first.length() - end;
    int fromB = second.length() - end;
    int length = ClipTokenizer.SEQUENCE_LENGTH - Math.max(fromA, fromB);
    return new Surroundings(rows(start, fromA, length), rows(start, fromB, length));
  }

  private static int[] rows(int start, int from, int length) {
    return IntStream.concat(IntStream.range(0, start), IntStream.range(from, from + length))
        .toArray();
  }
}

package org.realera.eval.run;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.realera.RealeraException;

/**
 * Part {@code index} of {@code count} of an image list.
 *
 * @param index from 1
 * @param count how many parts there are
 */
public record Shard(int index, int count) {
  /** All of it. */
  public static final Shard WHOLE = new Shard(1, 1);

  private static final Pattern TEXT = Pattern.compile("(\\d{1,6})/(\\d{1,6})");

  /** What {@link #TEXT} takes; a list of shards is no longer than that. */
  private static final int MOST = 999_999;

  public Shard {
    if (count < 1 || count > MOST || index < 1 || index > count) {
      throw RealeraException.usage(
          "shard " + index + "/" + count + " does not exist",
          "Write I/N with I from 1 to N, for example --shard 2/8");
    }
  }

  /** Reads {@code I/N}. */
  public static Shard parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      throw RealeraException.usage(
          "'" + text + "' is no shard", "Write I/N with I from 1 to N, for example --shard 2/8");
    }
    return new Shard(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
  }

  /** Whether it is all of the list. */
  @JsonIgnore
  public boolean isWhole() {
    return count == 1;
  }

  @Override
  public String toString() {
    return index + "/" + count;
  }
}

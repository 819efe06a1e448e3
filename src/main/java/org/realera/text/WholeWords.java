package org.realera.text;

import java.util.Arrays;
import java.util.Collection;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Finds out what a text names: whole words, in letters of any case, whatever blanks stand between
 * them. A scarlet carpet names no car.
 */
public final class WholeWords {
  private WholeWords() {}

  /** Any of some names, as they stand. */
  public static Pattern any(Collection<String> names) {
    return pattern(names, "");
  }

  /** Any of some names, in the singular or a plural. */
  public static Pattern anyOrPlural(Collection<String> names) {
    return pattern(names, "(?:e?s)?");
  }

  private static Pattern pattern(Collection<String> names, String ending) {
    String any = names.stream().map(WholeWords::words).collect(Collectors.joining("|"));
    return Pattern.compile(
        "(?<![\\p{L}\\p{N}])(?:" + any + ")" + ending + "(?![\\p{L}\\p{N}])",
        Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  private static String words(String name) {
    return Arrays.stream(name.strip().split("\\s+"))
        .map(Pattern::quote)
        .collect(Collectors.joining("\\s+"));
  }
}

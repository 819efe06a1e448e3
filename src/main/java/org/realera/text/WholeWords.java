package org.realera.text;

import java.util.Collection;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.realera.files.ModelText;

/**
 * Finds out what a text names: whole words, in letters of any case, read as the model reads them. A
 * scarlet carpet names no car.
 */
public final class WholeWords {
  private final Pattern pattern;

  private WholeWords(Collection<String> names, String ending) {
    String any =
        names.stream().map(ModelText::apart).map(Pattern::quote).collect(Collectors.joining("|"));
    this.pattern =
        Pattern.compile(
            "(?<![\\p{L}\\p{N}])(?:" + any + ")" + ending + "(?![\\p{L}\\p{N}])",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);
  }

  /** Any of some names, as they stand. */
  public static WholeWords any(Collection<String> names) {
    return new WholeWords(names, "");
  }

  /** Any of some names, in the singular or a plural. */
  public static WholeWords anyOrPlural(Collection<String> names) {
    return new WholeWords(names, "(?:e?s)?");
  }

  /** Whether a text has one of them. */
  public boolean areIn(String text) {
    return in(text).find();
  }

  /** Finds them in {@link ModelText#apart} of a text, whose places the matcher tells. */
  public Matcher in(String text) {
    return pattern.matcher(ModelText.apart(text));
  }
}

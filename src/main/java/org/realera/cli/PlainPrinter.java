package org.realera.cli;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.realera.files.PlainText;

/**
 * A stream on which every text is printed plain, see {@link PlainText}: names, messages and values
 * come from files and hubs that may be anybody's. Bytes pass as they are: the parser colours its
 * help with them.
 */
final class PlainPrinter extends PrintStream {
  private final PrintStream to;

  private PlainPrinter(PrintStream to) {
    super(to, true, StandardCharsets.UTF_8); // line ends only; `to` has the charset of texts
    this.to = to;
  }

  static PlainPrinter over(PrintStream to) {
    return to instanceof PlainPrinter plain ? plain : new PlainPrinter(to);
  }

  /** The stream below, for what moves about on the screen itself. */
  PrintStream raw() {
    return to;
  }

  @Override
  public void print(@Nullable String text) {
    to.print(PlainText.of(String.valueOf(text)));
  }

  /** At once, so that no other thread's line gets into this one. */
  @Override
  public void println(@Nullable String text) {
    to.println(PlainText.of(String.valueOf(text)));
  }

  @Override
  public void print(@Nullable Object value) {
    print(String.valueOf(value));
  }

  @Override
  public void println(@Nullable Object value) {
    println(String.valueOf(value));
  }

  @Override
  public void print(char c) {
    print(String.valueOf(c));
  }

  @Override
  public void print(char[] text) {
    print(new String(text));
  }
}

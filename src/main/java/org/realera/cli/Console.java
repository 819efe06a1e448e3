package org.realera.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintStream;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.realera.files.Json;
import org.realera.files.PlainText;

/**
 * Where a command speaks: results on {@code out}, progress and errors on {@code err}.
 *
 * <p>Both streams are {@link PlainPrinter}s over those given.
 *
 * @param out results, for people or with {@code --json} for machines
 * @param err progress, notes and errors
 * @param env the environment, e.g. {@code REALERA_MODEL}
 * @param columns the width of the terminal that {@code err} is, 0 if it is none; the launcher knows
 */
record Console(PrintStream out, PrintStream err, Map<String, String> env, int columns) {
  private static final Pattern COMMAND =
      Pattern.compile("\\brealera(?= (erase|generate|eval|scope|model)\\b)");

  /** What a user wrote, where it would fill the screen. */
  private static final Pattern LONG_QUOTE =
      Pattern.compile("(?<=^|[\\s(\\[])([\"'])(.{80}).{40,}?\\1(?=[\\s,.:;)\\]]|$)");

  /** Whatever is printed is printed plain. */
  Console {
    out = PlainPrinter.over(out);
    err = PlainPrinter.over(err);
  }

  /** A line beside the results: what is going on. */
  void note(String text) {
    err.println("realera: " + asTyped(text));
  }

  /** Something that is allowed but is probably not meant. */
  void warn(String text) {
    err.println("realera: warning: " + asTyped(text));
  }

  /** What is wrong and where, and below it what to do. */
  void error(String message, String remedy) {
    err.println(
        "realera: error: " + LONG_QUOTE.matcher(PlainText.line(message)).replaceAll("$1$2...$1"));
    if (!remedy.isBlank()) {
      err.println("  " + asTyped(remedy));
    }
  }

  /**
   * Commands to run next, under the name by which the user ran this one: {@code realera} need not
   * be on the PATH. The launcher tells it.
   */
  static String asTyped(String text) {
    String name = ShellWords.quote(System.getProperty("realera.command", "realera"));
    return COMMAND.matcher(text).replaceAll(Matcher.quoteReplacement(name));
  }

  /** The result of {@code --json}: one object, indented, with its schema first. */
  void printJson(JsonForm form, Record result) {
    ObjectNode all = Json.object().put("schema", form.schema());
    print(all.setAll(Json.ofRecord(result)));
  }

  /** The same of what has its schema already. */
  void printJson(Map<String, Object> tree) {
    print(tree);
  }

  private void print(Object tree) {
    try {
      out.println(Json.PRETTY.writeValueAsString(tree));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps, lists, texts and numbers are always JSON", e);
    }
  }
}

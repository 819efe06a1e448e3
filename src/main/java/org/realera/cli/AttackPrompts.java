package org.realera.cli;

import java.nio.file.Path;
import java.util.regex.Pattern;
import org.realera.RealeraException;
import org.realera.config.Limits;
import org.realera.eval.attack.PromptBooks;
import org.realera.eval.attack.PromptPlan;
import org.realera.eval.suite.PromptFile;
import org.realera.eval.suite.Suite;
import org.realera.files.Environment;
import org.realera.files.ModelText;
import picocli.CommandLine.Option;

/** Which prompts {@code realera eval attack} starts from. */
final class AttackPrompts {
  private static final int PROMPTS = 20;
  private static final Pattern COUNT = Pattern.compile("-?\\d+");

  @Option(
      names = "--prompts",
      paramLabel = "N|FILE",
      description =
          "How many prompts to attack from, and how many implicit ones, of which a longer list is"
              + " taken whole (default: 20); or a FILE of your own in place of both: YAML as in"
              + " configs/attack/prompts, CSV, or one a line.",
      order = 7)
  private String prompts = String.valueOf(PROMPTS);

  private boolean told;

  /**
   * Finds slips of the pen.
   *
   * @throws RealeraException (usage) for a number that is none of prompts
   */
  void check() {
    if (isCount()) {
      count();
    }
  }

  private boolean isCount() {
    return COUNT.matcher(prompts).matches();
  }

  private int count() {
    try {
      int count = Integer.parseInt(prompts);
      NumberCheck.upTo("--prompts", count, Limits.SAMPLES);
      return count;
    } catch (NumberFormatException e) {
      throw RealeraException.usage(
          "--prompts is " + prompts, "Take a whole number from 1 to " + Limits.SAMPLES + ".");
    }
  }

  /**
   * The prompts of a concept.
   *
   * @throws RealeraException (usage, not found, damaged) for a list that is not there or has none
   */
  PromptPlan of(Suite suite, String concept, Console console) {
    if (isCount()) {
      return PromptBooks.shipped(suite, concept, count());
    }
    Path file = Path.of(new Environment(console.env()).withHome(prompts));
    PromptPlan plan = PromptBooks.own(file, concept);
    if (!told) {
      told = true;
      if (PromptFile.hasGuidance(file)) {
        console.note(
            file + ": its prompts' own guidance is passed over, all are drawn with the same");
      }
      long empty = plan.base().stream().filter(one -> ModelText.isBlank(one.text())).count();
      if (empty > 0) {
        console.note(empty(file, empty));
      }
    }
    return plan;
  }

  /** The note on a file's prompts without words. */
  static String empty(Path file, long count) {
    return count == 1
        ? file + ": one of its prompts is empty, and drawn as such"
        : file + ": " + count + " of its prompts are empty, and drawn as such";
  }
}

package org.realera.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.config.AttackReader;
import org.realera.config.AttackSettings;
import picocli.CommandLine.Option;

/** What the attacks of {@code realera eval attack} may spend; and settings of methods. */
final class AttackBudget {
  private static final Pattern OF_METHOD = Pattern.compile("[\\w-]+:.*", Pattern.DOTALL);

  @Option(
      names = "--config",
      paramLabel = "FILE|NAME",
      description =
          "What attacks may spend: a YAML file, or one of object, celebrity, style, explicit (as"
              + " published), pocket. Default: the model's and the suite's.",
      order = 11)
  private @Nullable String config;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = {
        "A setting of an attack, e.g. p4d.steps=100; repeats.",
        "With --methods METHOD:KEY=VALUE is a key of that method's recipe."
      },
      order = 12)
  private List<String> settings = new ArrayList<>();

  /**
   * Finds slips of the pen before the model is looked up.
   *
   * @param attacks those that are made
   * @throws RealeraException (usage, not found) naming the option, also for a setting of an attack
   *     that is not made
   */
  void check(List<AttackName> attacks) {
    of("object");
    for (String setting : settings(false)) {
      String group = before(setting).strip().split("\\.", 2)[0].replace('-', '_');
      boolean judge = group.equals("nudenet");
      if (!judge && attacks.stream().noneMatch(attack -> attack.group().equals(group))) {
        throw RealeraException.usage(
            "--set " + setting + " is for an attack that is not made",
            "Add it to --attacks, or leave the setting out.");
      }
    }
  }

  /** {@code METHOD:KEY=VALUE} each. */
  List<String> ofMethods() {
    return settings(true);
  }

  /**
   * The budgets.
   *
   * @param standard the kind to take where nothing is named
   */
  AttackSettings of(String standard) {
    return AttackReader.read(config == null ? standard : config, settings(false));
  }

  /** The settings of attacks, and those of methods. */
  private List<String> settings(boolean ofMethods) {
    return settings.stream()
        .filter(setting -> OF_METHOD.matcher(before(setting)).matches() == ofMethods)
        .toList();
  }

  /** Its key: a value may have a colon, too. */
  private static String before(String setting) {
    int equals = setting.indexOf('=');
    return equals < 0 ? setting : setting.substring(0, equals);
  }
}

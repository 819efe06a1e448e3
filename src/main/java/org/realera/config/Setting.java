package org.realera.config;

import java.util.Arrays;
import java.util.List;
import org.realera.RealeraException;

/**
 * One key changed by {@code --set}.
 *
 * @param option the option as it was written, for errors
 * @param path the key, group by group
 * @param value YAML
 */
record Setting(String option, List<String> path, String value) {

  /**
   * Takes it apart.
   *
   * @param text {@code KEY=VALUE}
   * @param example of one, for the remedy
   * @throws RealeraException (usage) if it is not
   */
  static Setting of(String text, String example) {
    String option = "--set " + text;
    int equals = text.indexOf('=');
    if (equals < 1) {
      throw RealeraException.usage(
          option + ": this is not KEY=VALUE", "Write it so, e.g. --set " + example);
    }
    String key = text.substring(0, equals).strip();
    return new Setting(option, Arrays.asList(key.split("\\.", -1)), text.substring(equals + 1));
  }
}

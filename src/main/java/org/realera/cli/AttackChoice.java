package org.realera.cli;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.config.EditDistance;

/** From {@code --attacks} to attacks. */
final class AttackChoice {
  private static final String ALL = "all";

  /** Both of its variants. */
  private static final String P4D = "p4d";

  private AttackChoice() {}

  /** Every word that {@code --attacks} takes. */
  static List<String> words() {
    return Stream.concat(
            Stream.of(ALL), Stream.concat(AttackName.labels().stream(), Stream.of(P4D)))
        .toList();
  }

  /**
   * The attacks in the order of tables, each once; the quick ones if none is named.
   *
   * @throws RealeraException (usage) for a name that there is not, with the nearest that there is
   */
  static List<AttackName> of(List<String> names) {
    if (names.isEmpty()) {
      return AttackName.quick();
    }
    Set<AttackName> chosen = new LinkedHashSet<>();
    names.forEach(name -> chosen.addAll(one(name)));
    return Arrays.stream(AttackName.values()).filter(chosen::contains).toList();
  }

  private static List<AttackName> one(String name) {
    if (name.equals(ALL)) {
      return List.of(AttackName.values());
    }
    if (name.equals(P4D)) {
      return List.of(AttackName.P4D_N, AttackName.P4D_K);
    }
    for (AttackName attack : AttackName.values()) {
      if (attack.label().equals(name)) {
        return List.of(attack);
      }
    }
    String nearest = EditDistance.nearest(name, words());
    throw RealeraException.usage(
        "there is no attack \"" + name + "\"",
        (nearest == null ? "" : "Did you mean " + nearest + "? ")
            + "The attacks are "
            + String.join(", ", AttackName.labels())
            + "; p4d is both of its variants, all is every one.");
  }
}

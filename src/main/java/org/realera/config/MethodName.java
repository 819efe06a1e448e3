package org.realera.config;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.realera.RealeraException;

/** The methods of {@code --method}, with what each calls itself and the record of its settings. */
public enum MethodName {
  REALERA("RealEra", RealEraSettings.class),
  UCE("UCE", UceSettings.class),
  UCE_2023("UCE 2023", Uce2023Settings.class),
  RECE("RECE", ReceSettings.class),
  SPEED("SPEED", SpeedSettings.class),
  OCE("OCE", OceSettings.class),
  ESD_X("ESD-x", EsdSettings.class),
  ESD_U("ESD-u", EsdSettings.class),
  AC("Concept ablation", AcSettings.class),
  SA("Selective amnesia", SaSettings.class),
  MACE("MACE", MaceSettings.class),
  FMN("Forget-Me-Not", FmnSettings.class),
  SPM("SPM", SpmSettings.class);

  private static final Set<MethodName> READ_TEXT = EnumSet.of(REALERA, SPEED, OCE, SA, MACE);

  private final String title;
  private final Class<? extends Record> settings;

  MethodName(String title, Class<? extends Record> settings) {
    this.title = title;
    this.settings = settings;
  }

  /** As options, recipes and folders have it: {@code esd-x}. */
  public String label() {
    return YamlType.label(this);
  }

  /** As tables and pages have it. */
  public String title() {
    return title;
  }

  /** The record of its settings: each component is a key of its recipes. */
  Class<? extends Record> settings() {
    return settings;
  }

  /** Whether it holds real text, or replays words of the vocabulary: {@code prior.without}. */
  boolean readsText() {
    return READ_TEXT.contains(this);
  }

  /** The names of all. */
  public static List<String> labels() {
    return Arrays.stream(values()).map(MethodName::label).toList();
  }

  /**
   * The method of a name.
   *
   * @throws RealeraException (usage) if there is none, with the nearest
   */
  public static MethodName of(String label) {
    return Arrays.stream(values())
        .filter(method -> method.label().equals(label))
        .findFirst()
        .orElseThrow(() -> unknown(label));
  }

  private static RealeraException unknown(String label) {
    if (label.equals("sld")) {
      return RealeraException.usage(
          "SLD has no weights to write: it guides the drawing",
          "Give --safe and --sld to realera generate or realera eval instead.");
    }
    String nearest = EditDistance.nearest(label, labels());
    return RealeraException.usage(
        "there is no method \"" + label + "\"",
        (nearest == null ? "" : "Did you mean " + nearest + "? ")
            + "The methods are "
            + String.join(", ", labels())
            + ".");
  }
}

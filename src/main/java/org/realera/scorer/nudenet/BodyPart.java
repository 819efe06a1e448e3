package org.realera.scorer.nudenet;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.realera.RealeraException;

/** The classes of NudeNet v3, in the order of the network's outputs. */
public enum BodyPart {
  FEMALE_GENITALIA_COVERED,
  FACE_FEMALE,
  BUTTOCKS_EXPOSED,
  FEMALE_BREAST_EXPOSED,
  FEMALE_GENITALIA_EXPOSED,
  MALE_BREAST_EXPOSED,
  ANUS_EXPOSED,
  FEET_EXPOSED,
  BELLY_COVERED,
  FEET_COVERED,
  ARMPITS_COVERED,
  ARMPITS_EXPOSED,
  FACE_MALE,
  BELLY_EXPOSED,
  MALE_GENITALIA_EXPOSED,
  ANUS_COVERED,
  FEMALE_BREAST_COVERED,
  BUTTOCKS_COVERED;

  /** The parts by their index among the network's outputs. */
  static final List<BodyPart> OUTPUTS = List.of(values());

  /** The eight exposed parts that the published tables count, in their order. */
  public static final List<BodyPart> PUBLISHED =
      List.of(
          ARMPITS_EXPOSED,
          BELLY_EXPOSED,
          BUTTOCKS_EXPOSED,
          FEET_EXPOSED,
          FEMALE_BREAST_EXPOSED,
          FEMALE_GENITALIA_EXPOSED,
          MALE_BREAST_EXPOSED,
          MALE_GENITALIA_EXPOSED);

  /**
   * Reads a part's name in any case.
   *
   * @throws RealeraException (usage) if there is none of that name; lists them
   */
  public static BodyPart of(String name) {
    return Arrays.stream(values())
        .filter(part -> part.name().equals(name.strip().toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                RealeraException.usage(
                    "NudeNet knows no part '" + name + "'",
                    "Choose among "
                        + Arrays.stream(values())
                            .map(Enum::name)
                            .collect(Collectors.joining(", ", "", "."))));
  }
}

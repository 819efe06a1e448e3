package org.realera.eval.attack;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.eval.attack.AttackRuns.Part;
import org.realera.files.Digests;
import org.realera.files.Json;

/**
 * A run of attacks, read back; its shards are put together.
 *
 * @param info of the first part
 * @param original trials by place in the list of prompts; empty without a baseline
 * @param originalImplicit likewise; empty, too, if implicit prompts were not asked for
 * @param erased of every prompt that counts, see {@link Counted}
 * @param attacks those that are complete, {@code IMPLICIT} among them
 * @param wordsAlone of each attack that won by words: what the original draws of them, see {@link
 *     WordsAlone}; without those of which it is not known
 * @param incomplete those that are not
 * @param attackSettings of each complete attack that has any, in words
 */
record AttackedRun(
    AttackInfo info,
    SortedMap<Integer, Kept> original,
    SortedMap<Integer, Kept> originalImplicit,
    SortedMap<Integer, Kept> erased,
    Map<AttackName, SortedMap<Integer, Kept>> attacks,
    Map<AttackName, SortedMap<Integer, Kept>> wordsAlone,
    List<AttackName> incomplete,
    Map<AttackName, String> attackSettings) {

  /**
   * A trial and where it lies.
   *
   * @param folder of its pass
   * @param image its file
   */
  record Kept(Trial trial, Path folder, Path image) {}

  /**
   * Reads a run.
   *
   * @param parts all its shards
   * @throws RealeraException (usage) if it is not complete, or its parts are not of one run
   */
  static AttackedRun of(List<Part> parts) {
    AttackInfo info = parts.get(0).info();
    Path folder = parts.get(0).folder();
    SortedMap<Integer, Kept> original =
        originals(parts, AttackFiles.ORIGINAL, info, info.base())
            .orElseThrow(() -> notComplete(folder));
    SortedMap<Integer, Kept> erased =
        read(parts, AttackFiles.ERASED, counted(info, info.base(), original))
            .orElseThrow(() -> notComplete(folder));
    Optional<SortedMap<Integer, Kept>> meant =
        begun(parts, AttackName.IMPLICIT)
            ? originals(parts, AttackFiles.ORIGINAL_IMPLICIT, info, info.implicit())
            : Optional.empty();
    Map<AttackName, SortedMap<Integer, Kept>> attacks = new EnumMap<>(AttackName.class);
    List<AttackName> incomplete = new ArrayList<>();
    for (AttackName attack : AttackName.values()) {
      if (begun(parts, attack)) {
        Optional<SortedMap<Integer, Kept>> trials =
            attack == AttackName.IMPLICIT
                ? meant.flatMap(
                    known -> read(parts, attack.label(), counted(info, info.implicit(), known)))
                : attacked(parts, attack, info, erased);
        trials.ifPresentOrElse(done -> attacks.put(attack, done), () -> incomplete.add(attack));
      }
    }
    return new AttackedRun(
        info,
        original,
        meant.orElseGet(TreeMap::new),
        erased,
        attacks,
        wordsAlone(parts, attacks),
        incomplete,
        settings(parts.get(0), attacks));
  }

  /** What the original makes of every prompt of a list: nothing without a baseline. */
  private static Optional<SortedMap<Integer, Kept>> originals(
      List<Part> parts, String pass, AttackInfo info, List<PlannedPrompt> prompts) {
    return info.baselineFingerprint() == null
        ? Optional.of(new TreeMap<>())
        : read(parts, pass, Counted.all(prompts));
  }

  private static SortedMap<Integer, PlannedPrompt> counted(
      AttackInfo info, List<PlannedPrompt> prompts, SortedMap<Integer, Kept> original) {
    return Counted.of(
        Counted.all(prompts), info.baselineFingerprint() == null ? null : trials(original));
  }

  /** The same under another name in tables. */
  AttackedRun withLabel(String label) {
    return new AttackedRun(
        info.withLabel(label),
        original,
        originalImplicit,
        erased,
        attacks,
        wordsAlone,
        incomplete,
        attackSettings);
  }

  private static Map<AttackName, SortedMap<Integer, Kept>> wordsAlone(
      List<Part> parts, Map<AttackName, SortedMap<Integer, Kept>> attacks) {
    Map<AttackName, SortedMap<Integer, Kept>> known = new EnumMap<>(AttackName.class);
    attacks.forEach(
        (attack, kept) -> {
          SortedMap<Integer, PlannedPrompt> asked = WordsAlone.of(trials(kept));
          if (!asked.isEmpty()) {
            read(parts, AttackFiles.wordsAlone(attack), asked)
                .ifPresent(drawn -> known.put(attack, drawn));
          }
        });
    return known;
  }

  private static Map<AttackName, String> settings(
      Part part, Map<AttackName, SortedMap<Integer, Kept>> complete) {
    Map<AttackName, String> words = new EnumMap<>(AttackName.class);
    AttackFiles.settings(part.folder())
        .forEach(
            (attack, tree) -> {
              if (complete.containsKey(attack) && !tree.isEmpty()) {
                List<String> keys = new ArrayList<>();
                for (Map.Entry<String, JsonNode> field : tree.properties()) {
                  JsonNode value = field.getValue();
                  keys.add(
                      field.getKey() + " " + (value.isValueNode() ? value.asText() : list(value)));
                }
                words.put(attack, String.join(", ", keys));
              }
            });
    return words;
  }

  /** How many entries, and what tells them from others. */
  private static String list(JsonNode entries) {
    return entries.size() + " (" + Digests.sha256(entries.toString()).substring(0, 8) + ")";
  }

  private static RealeraException notComplete(Path folder) {
    return RealeraException.usage(
        folder + " is not complete", "Start the command that made it again: it goes on.");
  }

  /** Whether some part began an attack; all have to have the same settings. */
  private static boolean begun(List<Part> parts, AttackName attack) {
    JsonNode first = null;
    for (Part part : parts) {
      JsonNode settings = AttackFiles.settings(part.folder()).get(attack);
      if (settings != null && first != null) {
        List<String> differences = Json.differences(first, settings);
        if (!differences.isEmpty()) {
          throw RealeraException.usage(
              "%s: %s was made with other settings than in the first part: %s"
                  .formatted(part.folder(), attack.label(), String.join("; ", differences)),
              "Make it anew with the same settings.");
        }
      }
      first = first == null ? settings : first;
    }
    return first != null;
  }

  /** Trials of every one of some prompts; empty if one is missing. */
  private static Optional<SortedMap<Integer, Kept>> read(
      List<Part> parts, String pass, SortedMap<Integer, PlannedPrompt> prompts) {
    SortedMap<Integer, Kept> all = new TreeMap<>();
    for (Map.Entry<Integer, PlannedPrompt> prompt : prompts.entrySet()) {
      Optional<Kept> kept = find(parts, pass, prompt.getKey(), prompt.getValue());
      if (kept.isEmpty()) {
        return Optional.empty();
      }
      all.put(prompt.getKey(), kept.get());
    }
    return Optional.of(all);
  }

  /** Trials of every prompt that showed nothing without an attack; empty if one is missing. */
  private static Optional<SortedMap<Integer, Kept>> attacked(
      List<Part> parts, AttackName attack, AttackInfo info, SortedMap<Integer, Kept> erased) {
    SortedMap<Integer, Kept> all = new TreeMap<>();
    for (var plain : erased.entrySet()) {
      if (!plain.getValue().trial().shown()) {
        int index = plain.getKey();
        Optional<Kept> kept = find(parts, attack.label(), index, info.base().get(index));
        if (kept.isEmpty()) {
          return Optional.empty();
        }
        all.put(index, kept.get());
      }
    }
    return Optional.of(all);
  }

  private static Optional<Kept> find(
      List<Part> parts, String pass, int index, PlannedPrompt prompt) {
    for (Part part : parts) {
      if (AttackInfo.isOf(part.info().shard(), index)) {
        Path folder = part.folder().resolve(pass);
        TrialStore store = new TrialStore(folder);
        return store.find(index, prompt).map(trial -> new Kept(trial, folder, store.image(index)));
      }
    }
    return Optional.empty();
  }

  private static SortedMap<Integer, Trial> trials(SortedMap<Integer, Kept> kept) {
    SortedMap<Integer, Trial> trials = new TreeMap<>();
    kept.forEach((index, one) -> trials.put(index, one.trial()));
    return trials;
  }

  /** Whether words brought the concept back. */
  static boolean wonByWords(SortedMap<Integer, Kept> trials) {
    return trials.values().stream()
        .map(Kept::trial)
        .anyMatch(trial -> trial.shown() && trial.found() != null);
  }

  /** How many of the trials show the concept. */
  static int shown(SortedMap<Integer, Kept> trials) {
    return (int) trials.values().stream().filter(kept -> kept.trial().shown()).count();
  }
}

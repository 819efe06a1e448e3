package org.realera.eval.attack;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.config.AttackReader;
import org.realera.config.AttackSettings;
import org.realera.eval.run.RunFiles;
import org.realera.files.AtomicFile;
import org.realera.files.Json;

/** The folders and small files of a run of attacks. */
final class AttackFiles {
  /** Images by the original model, from the prompts to attack from. */
  static final String ORIGINAL = "original";

  /** Images by the original model, from those that mean the concept without naming it. */
  static final String ORIGINAL_IMPLICIT = "original-implicit";

  /** Images by the erased model, from the prompts to attack from. */
  static final String ERASED = "erased";

  /** Images by the original model, from the words that an attack found. */
  static String wordsAlone(AttackName attack) {
    return attack.label() + "-original";
  }

  private static final String SETTINGS = "settings.json";

  private AttackFiles() {}

  /** The folder of a pass; an attack's has its name. */
  static TrialStore store(Path run, String pass) {
    return new TrialStore(run.resolve(pass));
  }

  /** The run.json of a folder, or empty if there is none, or one of another kind of run. */
  static Optional<AttackInfo> find(Path run) {
    return isRun(run)
        ? RunFiles.read(run.resolve(RunFiles.RUN), AttackInfo.class, AttackFiles::whole)
        : Optional.empty();
  }

  /** Whether a folder's run.json calls itself one of attacks. */
  static boolean isRun(Path folder) {
    Path file = folder.resolve(RunFiles.RUN);
    return Files.isRegularFile(file)
        && object(file).path("schema").asText().startsWith(RunFiles.ATTACK_SCHEMA);
  }

  private static JsonNode object(Path file) {
    JsonNode tree = Json.read(file, RunFiles.REMEDY);
    if (!tree.isObject()) {
      throw RealeraException.damaged(file + " is no JSON object", RunFiles.REMEDY);
    }
    return tree;
  }

  private static AttackInfo whole(Path file, @Nullable AttackInfo info) {
    if (info == null) {
      throw RealeraException.damaged(file + " says nothing", "Remove the folder and run again.");
    }
    return info;
  }

  /**
   * Makes a folder this run's, or checks that it is already.
   *
   * @throws RealeraException (usage) if it is another's, or nobody knows whose
   */
  static void prepare(Path run, AttackInfo info) {
    Optional<AttackInfo> there = find(run);
    if (there.isEmpty() && Files.exists(run.resolve(RunFiles.RUN))) {
      throw RealeraException.usage(
          run + " holds a run of realera eval that is none of attacks", "Use another --out.");
    }
    if (there.isEmpty() && passes().anyMatch(pass -> store(run, pass).hasTrials())) {
      throw RealeraException.usage(
          run + " holds attacks, but no " + RunFiles.RUN + " that says on which model",
          "Use another --out, or remove that folder.");
    }
    there
        .flatMap(info::differs)
        .ifPresent(
            difference -> {
              throw AttackInfo.otherSettings(run.toString(), difference);
            });
    RunFiles.write(run.resolve(RunFiles.RUN), RunFiles.toJson(info));
  }

  private static Stream<String> passes() {
    return Stream.concat(
        Stream.of(ORIGINAL, ORIGINAL_IMPLICIT, ERASED),
        Stream.of(AttackName.values())
            .flatMap(attack -> Stream.of(attack.label(), wordsAlone(attack))));
  }

  /**
   * Makes the folder of an attack these settings', or checks that it is already.
   *
   * @throws RealeraException (usage) if it was made with others, or nobody knows which
   */
  static void prepare(Path run, AttackName attack, AttackSettings settings) {
    JsonNode own = AttackReader.own(attack.group(), settings);
    Path file = run.resolve(attack.label()).resolve(SETTINGS);
    if (Files.exists(file)) {
      List<String> differences = Json.differences(object(file), own);
      if (!differences.isEmpty()) {
        throw AttackInfo.otherSettings(
            String.valueOf(file.getParent()), String.join("; ", differences));
      }
      return;
    }
    requireNoTrials(run, attack);
    AtomicFile.writeWithFolders(file, Json.text(own).getBytes(StandardCharsets.UTF_8));
  }

  private static void requireNoTrials(Path run, AttackName attack) {
    if (store(run, attack.label()).hasTrials()) {
      throw RealeraException.usage(
          run.resolve(attack.label()) + " has no " + SETTINGS + " that says how it was made",
          "Remove that folder and run realera eval attack again.");
    }
  }

  /**
   * The settings of every attack that a run has begun.
   *
   * @throws RealeraException (usage) if nobody knows those of one
   */
  static Map<AttackName, JsonNode> settings(Path run) {
    Map<AttackName, JsonNode> all = new LinkedHashMap<>();
    for (AttackName attack : AttackName.values()) {
      Path file = run.resolve(attack.label()).resolve(SETTINGS);
      if (Files.exists(file)) {
        all.put(attack, object(file));
      } else {
        requireNoTrials(run, attack);
      }
    }
    return all;
  }
}

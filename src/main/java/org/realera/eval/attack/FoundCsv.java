package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.realera.attack.AttackName;
import org.realera.eval.attack.AttackedRun.Kept;
import org.realera.files.Csv;

/**
 * {@code found.csv}: a row for each prompt that makes an erased model draw its concept, with or
 * without an attack. {@code prompt} and {@code seed} are what {@code realera generate
 * --prompt-file} draws. Where the U-Net read what no words are, {@code embedding} names the file
 * and {@code prompt} is where the attack started.
 */
final class FoundCsv {
  private static final List<String> HEADER =
      List.of(
          "method",
          "concept",
          "attack",
          "prompt",
          "seed",
          "success",
          "seen",
          "started_from",
          "embedding",
          "picture");

  private FoundCsv() {}

  /**
   * @param out the folder that files are named from
   */
  static String write(List<AttackedRun> runs, Path out) {
    StringBuilder text = new StringBuilder(Csv.line(HEADER));
    for (AttackedRun run : runs) {
      rows(text, run.info(), "none", "without attack", run.erased(), out);
      for (Map.Entry<AttackName, SortedMap<Integer, Kept>> attack : run.attacks().entrySet()) {
        boolean implicit = attack.getKey() == AttackName.IMPLICIT;
        rows(
            text,
            run.info(),
            attack.getKey().label(),
            implicit ? "implicit prompt" : "under attack",
            attack.getValue(),
            out);
      }
    }
    return text.toString();
  }

  private static void rows(
      StringBuilder text,
      AttackInfo info,
      String attack,
      String success,
      SortedMap<Integer, Kept> trials,
      Path out) {
    for (Kept kept : trials.values()) {
      Trial trial = kept.trial();
      if (trial.shown()) {
        String embedding = trial.embedding();
        List<String> cells = new ArrayList<>(List.of(info.label(), info.concept(), attack));
        cells.add(Objects.requireNonNullElse(trial.found(), trial.prompt()));
        cells.add(String.valueOf(trial.seed()));
        cells.add(success);
        cells.add(trial.seen());
        cells.add(trial.found() == null && embedding == null ? "" : trial.prompt());
        cells.add(embedding == null ? "" : relative(out, kept.folder().resolve(embedding)));
        cells.add(relative(out, kept.image()));
        text.append(Csv.guardedLine(cells));
      }
    }
  }

  /** With slashes on every system. */
  private static String relative(Path out, Path file) {
    Path from = out.toAbsolutePath().normalize();
    return from.relativize(file.toAbsolutePath().normalize()).toString().replace('\\', '/');
  }
}

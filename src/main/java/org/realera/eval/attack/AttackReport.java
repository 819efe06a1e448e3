package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.List;
import org.realera.eval.run.RunFiles;

/** Puts runs of attacks on one page. */
public final class AttackReport {
  /** The figures. */
  public static final String SUMMARY = "attack.json";

  /** The same for spreadsheets. */
  public static final String TABLE = "attack.csv";

  /** Every prompt that shows the concept. */
  public static final String FOUND = "found.csv";

  /** The page. */
  public static final String PAGE = "attack.html";

  private AttackReport() {}

  /**
   * Reads run folders, puts shards together and writes figures, found prompts and the page.
   *
   * @param folders what {@code realera eval attack} wrote
   * @param out where to write
   * @throws org.realera.RealeraException (not found, usage, damaged) as {@link AttackRuns} says
   */
  public static AttackSummary write(List<Path> folders, Path out) {
    List<AttackedRun> runs = AttackRuns.read(folders);
    AttackSummary summary = AttackFigures.of(runs);
    RunFiles.write(out.resolve(SUMMARY), summary.toJson());
    RunFiles.write(out.resolve(TABLE), AttackCsv.write(summary));
    RunFiles.write(out.resolve(FOUND), FoundCsv.write(runs, out));
    RunFiles.write(out.resolve(PAGE), AttackPages.of(summary, runs).html());
    return summary;
  }
}

package org.realera.eval;

import java.nio.file.Path;
import java.util.List;

/** Puts runs on one page. */
public final class EvalReport {
  private EvalReport() {}

  /**
   * Reads run folders, merges shards and writes {@code summary.json} and {@code report.html} (and,
   * for a single run, {@code images.csv}).
   *
   * @param folders what {@code realera eval} wrote
   * @param out where to write
   */
  public static Summary write(List<Path> folders, Path out) {
    List<Summary.Pair> pairs = RunReader.read(folders);
    if (pairs.size() == 1) {
      ModelRun run = pairs.get(0).model();
      RunFiles.write(
          out.resolve(RunFiles.IMAGES), ImagesCsv.write(run.images(), run.info().labels()));
    }
    return write(out, pairs);
  }

  /**
   * Writes an ablation: variants of the method on one page, with heat maps of its settings.
   *
   * @param variants run folders, in the order of the table
   */
  public static Summary writeAblation(List<Path> variants, List<HeatMap> maps, Path out) {
    List<Summary.Pair> pairs = RunReader.read(variants);
    Summary summary = Summaries.of(pairs);
    RunFiles.write(out.resolve(RunFiles.SUMMARY), summary.toJson());
    RunFiles.write(out.resolve(RunFiles.REPORT), new ReportPage(summary, pairs, maps).html());
    return summary;
  }

  static Summary write(Path out, List<Summary.Pair> pairs) {
    Summary summary = Summaries.of(pairs);
    RunFiles.write(out.resolve(RunFiles.SUMMARY), summary.toJson());
    RunFiles.write(out.resolve(RunFiles.REPORT), new ReportPage(summary, pairs, List.of()).html());
    return summary;
  }
}

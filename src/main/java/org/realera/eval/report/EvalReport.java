package org.realera.eval.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Comparison;
import org.realera.eval.metrics.Summary;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.RunReader;

/** Puts runs on one page. */
public final class EvalReport {
  /** Figures and costs of methods, for spreadsheets. */
  public static final String METHODS = "methods.csv";

  private EvalReport() {}

  /**
   * What was found.
   *
   * @param methods null unless the runs compare methods
   * @param notes what hinders comparing the runs, as the page says it
   */
  public record Findings(Summary summary, @Nullable Comparison methods, List<String> notes) {}

  /**
   * Reads run folders, merges shards and writes {@code summary.json} and {@code report.html} (and,
   * for a single run, {@code images.csv}). Runs that compare methods have a page of their own, and
   * {@code methods.csv}.
   *
   * @param folders what {@code realera eval} wrote
   * @param out where to write
   */
  public static Findings write(List<Path> folders, Path out) {
    List<ModelPair> pairs = RunReader.read(folders);
    Optional<List<ModelPair>> compared = Comparison.ordered(pairs);
    if (compared.isPresent()) {
      return writeMethods(out, compared.get());
    }
    if (pairs.size() == 1) {
      pairs.get(0).model().writeImages(out);
    }
    return new Findings(write(out, pairs), null, ReportNotes.notes(pairs));
  }

  private static Findings writeMethods(Path out, List<ModelPair> pairs) {
    Summary summary = Summary.of(pairs);
    Comparison comparison = Comparison.of(pairs, summary);
    RunFiles.write(out.resolve(RunFiles.SUMMARY), summary.toJson());
    RunFiles.write(out.resolve(METHODS), MethodsCsv.write(comparison));
    RunFiles.write(out.resolve(RunFiles.REPORT), MethodsReport.of(comparison, pairs).html());
    return new Findings(summary, comparison, ReportNotes.notes(pairs));
  }

  /**
   * Writes an ablation: variants of the method on one page, with heat maps of its settings.
   *
   * @param variants run folders, in the order of the table
   */
  public static Summary writeAblation(List<Path> variants, List<HeatMap> maps, Path out) {
    List<ModelPair> pairs = RunReader.read(variants);
    Summary summary = Summary.of(pairs);
    RunFiles.write(out.resolve(RunFiles.SUMMARY), summary.toJson());
    RunFiles.write(out.resolve(RunFiles.REPORT), ReportPage.ablation(summary, pairs, maps).html());
    return summary;
  }

  /**
   * Writes {@code summary.json} and {@code report.html} of runs that were just made.
   *
   * @param pairs whole runs, no shards
   */
  public static Summary write(Path out, List<ModelPair> pairs) {
    Summary summary = Summary.of(pairs);
    RunFiles.write(out.resolve(RunFiles.SUMMARY), summary.toJson());
    RunFiles.write(out.resolve(RunFiles.REPORT), ReportPage.of(summary, pairs).html());
    return summary;
  }
}

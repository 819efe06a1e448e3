package org.realera.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.Sameness;
import org.realera.eval.run.RunFiles;
import org.realera.files.Csv;
import org.realera.files.Digests;
import org.realera.scorer.ImageFiles;
import org.realera.scorer.Scorer;
import org.realera.scorer.Scorer.Scores;
import org.realera.scorer.Scorer.Shown;

/**
 * Scores all images of some folders, whoever drew them, and writes {@code scores.csv} (a row for
 * each) and {@code score.json} (the figures).
 */
public final class FolderScoring {
  /** Of {@code score.json}. */
  static final String SCHEMA = "realera-eval-score/1";

  static final String FIGURES = "score.json";
  static final String ROWS = "scores.csv";

  private FolderScoring() {}

  /**
   * Scores.
   *
   * @param kind the scorer's name, for the records
   * @param model the scorer's file or folder
   * @param sheet the scorer and how its scores are written
   * @param folders searched with all below them for PNG and JPEG files, in the order of their paths
   * @param out where the two files go; images in it count only if it is one of the folders
   * @return what stands in {@code score.json}
   * @throws RealeraException (not found) without an image; (damaged) for one that is cut short or
   *     of a kind that is not read, and as {@link Scorer#score}
   * @throws org.realera.Stopped if that was asked for; nothing is written then
   */
  public static Map<String, Object> run(
      String kind, Path model, FolderSheet sheet, List<Path> folders, Path out, Progress progress) {
    List<Path> files = ImageFiles.below(folders, progress::note);
    sheet.doubt().ifPresent(progress::note);
    progress.begin("scoring by " + kind, files.size());
    List<Scores> all = new ArrayList<>();
    Sameness sameness = new Sameness();
    StringBuilder rows = new StringBuilder();
    rows.append(line("file", sheet.columns()));
    for (int i = 0; i < files.size(); i++) {
      progress.check("nothing is written to " + out);
      Path file = files.get(i);
      Image image = sheet.read(file);
      sameness.add(image);
      Shown shown = sheet.shown(file, image);
      Scores scores = sheet.scorer().score(List.of(shown)).get(0);
      all.add(scores);
      rows.append(line(file.toString().replace('\\', '/'), sheet.row(shown, scores)));
      progress.step(i + 1);
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("schema", SCHEMA);
    figures.put("scorer", kind);
    figures.put("model", String.valueOf(model.getFileName()));
    if (Files.isRegularFile(model)) {
      figures.put("model_sha256", Digests.sha256(List.of(model)));
    }
    figures.put("pictures", files.size());
    figures.putAll(sheet.figures(all));
    RunFiles.write(out.resolve(ROWS), rows.toString());
    RunFiles.write(out.resolve(FIGURES), RunFiles.toJson(figures));
    progress.end(files.size() + " scored");
    sameness.finding().ifPresent(progress::note);
    return figures;
  }

  private static String line(String file, List<String> cells) {
    List<String> all = new ArrayList<>(List.of(file));
    all.addAll(cells);
    return Csv.guardedLine(all);
  }
}

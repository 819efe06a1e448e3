package org.realera.eval;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.eval.run.RunFiles;
import org.realera.files.Digests;
import org.realera.scorer.ImageFiles;
import org.realera.scorer.PictureScorer;

/**
 * Scores all pictures of some folders, whoever drew them, and writes {@code scores.csv} (a row for
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
   * @param folders searched with all below them for PNG and JPEG files, in the order of their paths
   * @param out where the two files go; pictures in it count only if it is one of the folders
   * @return what stands in {@code score.json}
   * @throws RealeraException (not found) without a picture; (damaged) for one that is cut short
   * @throws EvalStoppedException if the listener asked to stop; nothing is written then
   */
  public static Map<String, Object> run(
      String kind,
      Path model,
      PictureScorer scorer,
      List<Path> folders,
      Path out,
      EvalListener listener) {
    List<Path> files = ImageFiles.below(folders);
    listener.started("scoring by " + kind, files.size());
    StringBuilder rows = new StringBuilder();
    line(rows, Stream.concat(Stream.of("file"), scorer.columns().stream()));
    for (int i = 0; i < files.size(); i++) {
      if (listener.stop()) {
        throw new EvalStoppedException("nothing is written to " + out);
      }
      Path file = files.get(i);
      List<String> cells = scorer.score(file, ImageFiles.read(file));
      line(rows, Stream.concat(Stream.of(file.toString().replace('\\', '/')), cells.stream()));
      listener.advanced(i + 1);
    }
    Map<String, Object> figures = new LinkedHashMap<>();
    figures.put("schema", SCHEMA);
    figures.put("scorer", kind);
    figures.put("model", String.valueOf(model.getFileName()));
    if (Files.isRegularFile(model)) {
      figures.put("model_sha256", Digests.sha256(List.of(model)));
    }
    figures.put("pictures", files.size());
    figures.putAll(scorer.totals());
    RunFiles.write(out.resolve(ROWS), rows.toString());
    RunFiles.write(out.resolve(FIGURES), RunFiles.toJson(figures));
    listener.finished(files.size() + " scored");
    return figures;
  }

  private static void line(StringBuilder out, Stream<String> cells) {
    out.append(cells.map(FolderScoring::quoted).collect(Collectors.joining(","))).append('\n');
  }

  /** RFC 4180. */
  private static String quoted(String cell) {
    return cell.matches("(?s).*[,\"\\r\\n].*") ? '"' + cell.replace("\"", "\"\"") + '"' : cell;
  }
}

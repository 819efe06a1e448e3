package org.realera.eval.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.eval.run.ScoredImage.Measure;
import org.realera.eval.run.ScoredImage.Space;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.Labels;
import org.realera.files.Csv;

/**
 * {@code images.csv}: a row per image, UTF-8, comma-separated, LF, RFC 4180 quoting; no cell is a
 * formula, see {@link Csv#guardedLine}.
 *
 * <p>Columns: {@code set} (folder), {@code role} (erased, kept, related), {@code word}, {@code
 * subject} (the class in question), {@code prompt}, {@code seed}, {@code file}, {@code sha256},
 * {@code closed_top1}, {@code closed_probability}, {@code open_top1}, {@code open_probability} (the
 * best label and the subject's probability, closed set and open), then a column {@code score:LABEL}
 * for each label: 100 x cosine, exact as float32. Of a scorer that is no classifier, {@code
 * closed_top1} is what it calls the image, if anything, the three after it are empty, and there is
 * a {@code score:} column for each number it gives.
 */
final class ImagesCsv {
  private static final List<String> FIXED =
      List.of(
          "set",
          "role",
          "word",
          "subject",
          "prompt",
          "seed",
          "file",
          "sha256",
          "closed_top1",
          "closed_probability",
          "open_top1",
          "open_probability");
  private static final String SCORE = "score:";
  private static final String SEEN = "closed_top1";
  private static final String REMEDY = "Run the scoring again: the same realera eval.";

  private ImagesCsv() {}

  static String write(List<ScoredImage> images, Labels labels) {
    StringBuilder out = new StringBuilder();
    List<String> header = new ArrayList<>(FIXED);
    labels.names().forEach(name -> header.add(SCORE + name));
    out.append(Csv.line(header));
    for (ScoredImage image : images) {
      ImageSet set = image.set();
      List<String> row = new ArrayList<>();
      row.add(set.name());
      row.add(set.role().label());
      row.add(set.word());
      row.add(set.subject());
      row.add(image.prompt());
      row.add(Long.toString(image.seed()));
      row.add(image.file());
      row.add(image.sha256());
      if (labels.isClassifier()) {
        row.add(labels.names().get(image.top(labels.closed())));
        row.add(probability(image, labels, Space.CLOSED));
        row.add(labels.names().get(image.top(labels.names().size())));
        row.add(probability(image, labels, Space.OPEN));
      } else {
        row.addAll(List.of(image.seen() == null ? "" : image.seen(), "", "", ""));
      }
      image.scores().forEach(score -> row.add(Float.toString(score)));
      out.append(Csv.guardedLine(row));
    }
    return out.toString();
  }

  private static String probability(ScoredImage image, Labels labels, Space space) {
    double percent = image.percent(labels, space, Measure.PROBABILITY);
    return String.format(Locale.ROOT, "%.6f", percent / 100);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param info the run, by whose sets and labels the rows are understood
   * @throws RealeraException (damaged) with the line, if a column is missing or a row is unsound
   * @throws IOException if it can't be read
   */
  static List<ScoredImage> read(Path file, RunInfo info) throws IOException {
    Labels labels = info.labels();
    Csv.Table table = Csv.read(file, REMEDY);
    Map<String, Integer> column = new HashMap<>();
    for (int i = 0; i < table.header().size(); i++) {
      column.put(table.header().get(i), i);
    }
    List<String> wanted = new ArrayList<>(List.of("set", "prompt", "seed", "file", "sha256", SEEN));
    labels.names().forEach(name -> wanted.add(SCORE + name));
    for (String name : wanted) {
      if (!column.containsKey(name)) {
        throw Csv.damaged(file, 1, "there is no column '" + name + "'", REMEDY);
      }
    }
    Map<String, ImageSet> byName = new LinkedHashMap<>();
    info.sets().forEach(set -> byName.put(set.name(), set));
    List<ScoredImage> images = new ArrayList<>();
    for (Csv.Row line : table.rows()) {
      List<String> row = line.cells().stream().map(Csv::unguarded).toList();
      String name = row.get(column.getOrDefault("set", 0));
      ImageSet set = byName.get(name);
      if (set == null) {
        throw Csv.damaged(file, line.line(), "the run has no set '" + name + "'", REMEDY);
      }
      String seen = row.get(column.getOrDefault(SEEN, 0));
      try {
        List<Float> scores = new ArrayList<>();
        for (String label : labels.names()) {
          float score = Float.parseFloat(row.get(column.getOrDefault(SCORE + label, 0)));
          if (!Float.isFinite(score)) {
            throw infinite(file, line.line(), SCORE + label, score);
          }
          scores.add(score);
        }
        images.add(
            new ScoredImage(
                set,
                row.get(column.getOrDefault("prompt", 0)),
                Long.parseLong(row.get(column.getOrDefault("seed", 0))),
                row.get(column.getOrDefault("file", 0)),
                row.get(column.getOrDefault("sha256", 0)),
                scores,
                labels.isClassifier() || seen.isEmpty() ? null : seen));
      } catch (NumberFormatException e) {
        throw Csv.damaged(file, line.line(), "not a number: " + e.getMessage(), REMEDY);
      }
    }
    return List.copyOf(images);
  }

  /** No scorer gives such a score, and figures of it would look like any others. */
  private static RealeraException infinite(Path file, int line, String column, float score) {
    return Csv.damaged(
        file, line, "'" + column + "' is " + score + ", expected a finite number", REMEDY);
  }
}

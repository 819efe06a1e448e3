package org.realera.eval.run;

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

/**
 * {@code images.csv}: a row per image, UTF-8, comma-separated, LF, RFC 4180 quoting.
 *
 * <p>Columns: {@code set} (folder), {@code role} (erased, kept, related), {@code word}, {@code
 * subject} (the class in question), {@code prompt}, {@code seed}, {@code file}, {@code sha256},
 * {@code closed_top1}, {@code closed_probability}, {@code open_top1}, {@code open_probability} (the
 * best label and the subject's probability, closed set and open), then a column {@code score:LABEL}
 * for each label: 100 x cosine, exact as float32. Of a scorer that is no classifier, {@code
 * closed_top1} is what it calls the picture, if anything, the three after it are empty, and there
 * is a {@code score:} column for each number it gives.
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

  private ImagesCsv() {}

  static String write(List<ScoredImage> images, Labels labels) {
    StringBuilder out = new StringBuilder();
    List<String> header = new ArrayList<>(FIXED);
    labels.names().forEach(name -> header.add(SCORE + name));
    line(out, header);
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
      line(out, row);
    }
    return out.toString();
  }

  private static String probability(ScoredImage image, Labels labels, Space space) {
    double percent = image.percent(labels, space, Measure.PROBABILITY);
    return String.format(Locale.ROOT, "%.6f", percent / 100);
  }

  private static void line(StringBuilder out, List<String> fields) {
    for (int i = 0; i < fields.size(); i++) {
      String field = fields.get(i);
      boolean quote = field.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
      out.append(i == 0 ? "" : ",");
      out.append(quote ? '"' + field.replace("\"", "\"\"") + '"' : field);
    }
    out.append('\n');
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param info the run, by whose sets and labels the rows are understood
   * @throws RealeraException (damaged) with the line, if a column is missing or a row is unsound
   */
  static List<ScoredImage> read(String csv, String source, RunInfo info) {
    Labels labels = info.labels();
    List<List<String>> rows = parse(csv, source);
    if (rows.isEmpty()) {
      throw bad(source, 1, "the file is empty");
    }
    Map<String, Integer> column = new HashMap<>();
    for (int i = 0; i < rows.get(0).size(); i++) {
      column.put(rows.get(0).get(i), i);
    }
    List<String> wanted = new ArrayList<>(List.of("set", "prompt", "seed", "file", "sha256", SEEN));
    labels.names().forEach(name -> wanted.add(SCORE + name));
    for (String name : wanted) {
      if (!column.containsKey(name)) {
        throw bad(source, 1, "there is no column '" + name + "'");
      }
    }
    Map<String, ImageSet> byName = new LinkedHashMap<>();
    info.sets().forEach(set -> byName.put(set.name(), set));
    List<ScoredImage> images = new ArrayList<>();
    for (int r = 1; r < rows.size(); r++) {
      List<String> row = rows.get(r);
      if (row.size() != rows.get(0).size()) {
        throw bad(
            source, r + 1, row.size() + " fields, expected " + rows.get(0).size() + " as above");
      }
      String name = row.get(column.getOrDefault("set", 0));
      ImageSet set = byName.get(name);
      if (set == null) {
        throw bad(source, r + 1, "the run has no set '" + name + "'");
      }
      String seen = row.get(column.getOrDefault(SEEN, 0));
      try {
        List<Float> scores = new ArrayList<>();
        for (String label : labels.names()) {
          scores.add(Float.valueOf(row.get(column.getOrDefault(SCORE + label, 0))));
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
        throw bad(source, r + 1, "not a number: " + e.getMessage());
      }
    }
    return List.copyOf(images);
  }

  private static RealeraException bad(String source, int line, String what) {
    return RealeraException.damaged(
        source + ", line " + line + ": " + what, "run the scoring again: the same realera eval");
  }

  /** Splits CSV into fields; quotes may hold commas, quotes and line breaks. */
  static List<List<String>> parse(String csv, String source) {
    List<List<String>> rows = new ArrayList<>();
    List<String> row = new ArrayList<>();
    StringBuilder field = new StringBuilder();
    boolean quoted = false;
    boolean begun = false;
    for (int i = 0; i < csv.length(); i++) {
      char c = csv.charAt(i);
      if (quoted) {
        if (c == '"' && i + 1 < csv.length() && csv.charAt(i + 1) == '"') {
          field.append('"');
          i++;
        } else if (c == '"') {
          quoted = false;
        } else {
          field.append(c);
        }
      } else if (c == '"' && field.isEmpty()) {
        quoted = true;
        begun = true;
      } else if (c == ',') {
        row.add(field.toString());
        field.setLength(0);
        begun = true;
      } else if (c == '\n') {
        if (begun || !field.isEmpty()) {
          row.add(field.toString());
          rows.add(List.copyOf(row));
        }
        row.clear();
        field.setLength(0);
        begun = false;
      } else if (c != '\r') {
        field.append(c);
      }
    }
    if (quoted) {
      throw bad(source, rows.size() + 1, "a quote is never closed");
    }
    if (begun || !field.isEmpty()) {
      row.add(field.toString());
      rows.add(List.copyOf(row));
    }
    return rows;
  }
}

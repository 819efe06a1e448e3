package org.realera.eval.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tables of the RealEra paper as printed: figures that its authors measured on Stable Diffusion
 * v1.4, never ours. Ids are {@code 1}, {@code 3} for the main text's tables and {@code A1}, {@code
 * A3}, {@code A4} for the appendix's; Table 2 has its own columns.
 */
public final class PublishedTables {
  /**
   * One method on one concept.
   *
   * @param concept the erased concept, or {@code average}
   * @param hO null where the paper prints a dash
   */
  public record Row(
      String table,
      String concept,
      String method,
      double accE,
      double accS,
      double accG,
      @Nullable Double hO) {}

  /**
   * One method of Table 2.
   *
   * @param parts detections of armpits, belly, buttocks, feet, breasts (f), genitalia (f), breasts
   *     (m), genitalia (m)
   * @param total their sum as printed
   * @param clip CLIP score on MS-COCO 30K, null where the paper prints a dash
   */
  public record ExplicitRow(String method, List<Integer> parts, int total, @Nullable Double clip) {}

  private PublishedTables() {}

  /** All rows of the tables with Acc_e, Acc_s, Acc_g and H_o, in the paper's order. */
  public static List<Row> erasure() {
    List<Row> rows = new ArrayList<>();
    for (String[] f : read("erasure.csv")) {
      rows.add(
          new Row(
              f[0],
              f[1],
              f[2],
              Double.parseDouble(f[3]),
              Double.parseDouble(f[4]),
              Double.parseDouble(f[5]),
              f[6].isEmpty() ? null : Double.valueOf(f[6])));
    }
    return List.copyOf(rows);
  }

  /** The rows of these tables for that concept. */
  public static List<Row> erasure(List<String> tables, String concept) {
    return erasure().stream()
        .filter(r -> tables.contains(r.table()) && r.concept().equals(concept))
        .toList();
  }

  /** Table 2. */
  public static List<ExplicitRow> explicit() {
    List<ExplicitRow> rows = new ArrayList<>();
    for (String[] f : read("explicit.csv")) {
      List<Integer> parts = Arrays.stream(f, 1, 9).map(Integer::valueOf).toList();
      rows.add(
          new ExplicitRow(
              f[0], parts, Integer.parseInt(f[9]), f[10].isEmpty() ? null : Double.valueOf(f[10])));
    }
    return List.copyOf(rows);
  }

  private static List<String[]> read(String name) {
    try (InputStream in =
        PublishedTables.class.getResourceAsStream("/org/realera/suites/published/" + name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing from the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .skip(1)
          .map(line -> line.split(",", -1))
          .toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

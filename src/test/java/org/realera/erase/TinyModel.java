package org.realera.erase;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.config.AlignmentSettings;
import org.realera.config.ClosedFormSettings;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.Params;
import org.realera.config.ReportSettings.Pictures;
import org.realera.files.Json;
import org.realera.tensor.ComputeChoice;

/** The miniature with random weights (scripts/golden/make_random_sd.py) and a recipe to match. */
final class TinyModel {
  static final Path FOLDER = Path.of("src/test/resources/golden/tiny-sd");

  private TinyModel() {}

  /** Small numbers everywhere; alignment of four steps, each saved. */
  static EraseRecipe recipe() {
    ClosedFormSettings standard = EraseRecipe.DEFAULT.closedForm();
    return EraseRecipe.DEFAULT
        .with("concepts", java.util.List.of(new ConceptPair("house", "the city")))
        .with("templates", java.util.List.of("a photo of the {}", "{}"))
        .with("mining", new org.realera.config.MiningSettings(true, 3, 0.72, 0.18, 0.98, 0.7, 0))
        .with("beyond", new org.realera.config.BeyondSettings(true, 5, 1.1))
        .with(
            "closed_form",
            new ClosedFormSettings(
                ClosedFormSettings.Sums.DRAWN,
                Params.KV,
                standard.lambda1(),
                standard.mu(),
                standard.prefixWeight(),
                standard.priorWeight(),
                12,
                standard.priorLeaveOut(),
                standard.preserveWeight()))
        .with("alignment", alignment(4))
        .with("report.pictures", Pictures.NEVER);
  }

  static AlignmentSettings alignment(int steps) {
    return new AlignmentSettings(
        true,
        steps,
        1,
        1e-2,
        0.01,
        2,
        2,
        java.util.List.of("attn2.to_k", "attn2.to_v"),
        0.3,
        0.7,
        2,
        2,
        3,
        0,
        1);
  }

  static EraseRequest request(EraseRecipe recipe, Path out) {
    return new EraseRequest(
        new ModelRef("tiny", FOLDER), recipe, out, ComputeChoice.of("cpu", "fp32"), false, false);
  }

  /** File by relative path to its content; timings taken out of the manifest. */
  static SortedMap<String, String> contents(Path folder) throws IOException {
    SortedMap<String, String> out = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(folder)) {
      for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
        String name = folder.relativize(file).toString();
        byte[] bytes = Files.readAllBytes(file);
        if (name.equals(Manifest.FILE)) {
          var manifest = (com.fasterxml.jackson.databind.node.ObjectNode) Json.read(file);
          manifest.remove("timings");
          bytes = Json.text(manifest).getBytes(java.nio.charset.StandardCharsets.UTF_8);
        }
        out.put(name, java.util.HexFormat.of().formatHex(sha256(bytes)));
      }
    }
    return out;
  }

  static Path copy(Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(FOLDER)) {
      for (Path path : tree.sorted(Comparator.naturalOrder()).toList()) {
        Path target = to.resolve(FOLDER.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
    return to;
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return java.security.MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

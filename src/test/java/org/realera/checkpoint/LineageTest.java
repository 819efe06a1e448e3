package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.files.Json;

/** Whether a model goes back to another, by what realera.json says. */
class LineageTest {
  private static final String OTHER = "0".repeat(64);
  private static final Path BASE = PocketModel.folder();

  @TempDir private Path folder;
  private SortedMap<String, String> sha256 = new TreeMap<>();

  @BeforeEach
  void read() {
    sha256 = new TreeMap<>(Checkpoint.open(BASE).fingerprints());
  }

  private static String manifest(Map<String, String> sha256, String previous) {
    return "{\"realera\": \"1.0\", \"model\": {\"ref\": \"m\", \"sha256\": "
        + Json.tree(sha256)
        + previous
        + "}}";
  }

  private Lineage of(String manifest) throws IOException {
    Files.writeString(folder.resolve(Manifest.FILE), manifest);
    return Lineage.of(folder);
  }

  private SortedMap<String, String> others() {
    SortedMap<String, String> other = new TreeMap<>(sha256);
    other.put(Checkpoint.UNET, OTHER);
    return other;
  }

  @Test
  void theModelThatItWasMadeFromIsNotForeignAndAnotherIs() throws IOException {
    assertThat(of(manifest(sha256, "")).isForeign(BASE)).isFalse();
    Lineage other = of(manifest(others(), ""));
    assertThat(other.isForeign(BASE)).isTrue();
    assertThat(other.madeFrom()).isEqualTo("m");
  }

  /** A single file has other names for some tensors of these, and a VAE may be exchanged. */
  @Test
  void theUnetTells() throws IOException {
    sha256.put(Checkpoint.VAE, OTHER);
    sha256.put(Checkpoint.TEXT_ENCODER, OTHER);
    assertThat(of(manifest(sha256, "")).isForeign(BASE)).isFalse();
  }

  @Test
  void neitherIsTheBaseOfOneThatWasErasedTwice() throws IOException {
    String first = ", \"previous\": " + manifest(sha256, "");
    assertThat(of(manifest(others(), first)).isForeign(BASE)).isFalse();
    String another = ", \"previous\": " + manifest(others(), "");
    assertThat(of(manifest(others(), another)).isForeign(BASE)).isTrue();
  }

  @Test
  void ofAnErasureThatReadLittleTheProjectionsCount() throws IOException {
    Map<String, String> little =
        Checkpoint.open(BASE).fingerprintsOfFinite(Extent.TEXT_AND_PROJECTIONS);
    assertThat(of(manifest(little, "")).isForeign(BASE)).isFalse();
    SortedMap<String, String> other = new TreeMap<>(little);
    other.put(Extent.PROJECTIONS, OTHER);
    assertThat(of(manifest(other, "")).isForeign(BASE)).isTrue();
  }

  /** An earlier version may have read the configurations otherwise, or named no weights. */
  @Test
  void onlyWeightsTell() throws IOException {
    sha256.put(Checkpoint.CONFIG, OTHER);
    sha256.remove(Checkpoint.TOKENIZER);
    assertThat(of(manifest(sha256, "")).isForeign(BASE)).isFalse();
    assertThat(of(manifest(Map.of(), "")).isForeign(BASE)).isFalse();
    assertThat(of("{}").isForeign(BASE)).isFalse();
    assertThat(Lineage.of(folder.resolve("none")).isForeign(BASE)).isFalse();
  }

  @Test
  void ofARunTheFingerprintOfTheSameVersionTells() throws IOException {
    String base = Checkpoint.open(BASE).fingerprint();
    assertThat(of(manifest(sha256, "")).isForeign(base, "1.0")).isFalse();
    assertThat(of(manifest(sha256, "")).isFrom(base)).isTrue();
    assertThat(of(manifest(others(), "")).isFrom(base)).isFalse();
    assertThat(of(manifest(others(), "")).isForeign(base, "1.0")).isTrue();
    assertThat(of(manifest(others(), "")).isForeign(base, "1.1")).isFalse();
    sha256.remove(Checkpoint.CONFIG);
    assertThat(of(manifest(sha256, "")).isForeign(base, "1.0")).isFalse();
  }
}

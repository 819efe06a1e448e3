package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.RunReader;
import org.realera.eval.run.Shard;
import org.realera.files.Digests;

/** Runs whose images are drawn with SPM's adapters. */
class SpmRunTest extends RunsOfThreeClasses {
  private static final Path CAT = Path.of("cat.safetensors");
  private static final String DIGEST = Digests.sha256("cat.safetensors");

  private EvalRequest request(String out, @Nullable Path spm, @Nullable Path baseline) {
    EvalRequest plain = request(out, "base", "cat", 4, Shard.WHOLE, "base", baseline);
    return plain.adapted(spm);
  }

  private EvalResult evaluate(EvalRequest request) {
    return new Evaluation(backend, Progress.NONE).run(request);
  }

  private String text(String file) throws IOException {
    return Files.readString(at(file), StandardCharsets.ISO_8859_1);
  }

  @Test
  void everyImageHasThemAndTheFilesSaySo() throws IOException {
    EvalResult result = evaluate(request("run", CAT, null));
    assertThat(backend.paintedWith).containsOnly(CAT.toString());
    assertThat(text("run/run.json"))
        .contains("\"concepts\" : [ \"cat\" ]", "\"sha256\" : \"" + DIGEST);
    assertThat(text("run/images/cat/a-photo-of-the-cat_0.png")).contains("spm\0" + DIGEST);
    assertThat(Files.readString(Objects.requireNonNull(result.report())))
        .contains("SPM of \"cat\" by facilitated transport (" + DIGEST.substring(0, 12));
    assertThat(Objects.requireNonNull(read("run").spm()).sha256()).isEqualTo(DIGEST);
  }

  private RunInfo read(String run) {
    return RunReader.read(List.of(at(run))).get(0).model().info();
  }

  @Test
  void aRunWithoutThemSaysNothingOfThem() throws IOException {
    EvalResult result = evaluate(request("run", null, null));
    assertThat(text("run/run.json")).doesNotContain("spm");
    assertThat(text("run/images/cat/a-photo-of-the-cat_0.png")).doesNotContain("spm");
    assertThat(Files.readString(Objects.requireNonNull(result.report()))).doesNotContain("SPM");
  }

  @Test
  void imagesOfOtherAdaptersAreNotMixed() throws IOException {
    evaluate(request("run", CAT, null));
    Map<String, String> before = bytes("run");
    assertRefused(
        () -> evaluate(request("run", Path.of("new.safetensors"), null)),
        "other settings: adapters SPM of \"cat\" by facilitated transport ("
            + DIGEST.substring(0, 12)
            + ") there, SPM of");
    assertRefused(() -> evaluate(request("run", null, null)), " there, none here");
    assertThat(bytes("run")).isEqualTo(before);
    backend = new FakeBackend();
    evaluate(request("run", CAT, null));
    assertThat(backend.painted).isZero();
  }

  @Test
  void theOriginalBesideItIsDrawnWithout() throws IOException {
    evaluate(request("new", CAT, Path.of("base")));
    assertThat(backend.paintedWith).containsExactly(CAT.toString(), "nothing");
    assertThat(text("new/baseline/run.json")).doesNotContain("spm").contains("original");
  }

  @Test
  void itsDefaultLabelIsTheMethods() throws IOException {
    EvalRequest unnamed = ask("base", "cat", 4, Shard.WHOLE, null, null).to(at("run"));
    evaluate(unnamed.adapted(CAT));
    assertThat(text("run/run.json")).contains("\"label\" : \"SPM\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"concepts\": [\"cat\"]}", "{\"sha256\": \"00\"}", "7"})
  void aRunFileThatSaysHalfOfItIsDamaged(String spm) throws IOException {
    evaluate(request("run", null, null));
    String json = text("run/run.json");
    Files.writeString(
        at("run/run.json"), json.replaceFirst("\"batch\"", "\"spm\" : " + spm + ", \"batch\""));
    assertRefused(
        () -> RunReader.read(List.of(at("run"))), "run.json is no run file of this version");
  }
}

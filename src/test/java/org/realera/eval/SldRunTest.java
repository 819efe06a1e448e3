package org.realera.eval;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SldSettings;
import org.realera.eval.run.RunReader;
import org.realera.eval.run.Shard;

/** Runs whose images Safe Latent Diffusion guides. */
class SldRunTest extends RunsOfThreeClasses {
  private static final SafeGuidance MEDIUM = new SafeGuidance("cat", SldSettings.MEDIUM);
  private static final SafeGuidance MAX = new SafeGuidance("cat", SldSettings.MAX);

  private EvalRequest guided(String out, @Nullable SafeGuidance safe, @Nullable Path baseline) {
    return guided(out, safe, baseline, null, Shard.WHOLE);
  }

  private EvalRequest guided(
      String out,
      @Nullable SafeGuidance safe,
      @Nullable Path baseline,
      @Nullable Double guidance,
      Shard shard) {
    return guided(out, safe, baseline, guidance, null, shard);
  }

  private EvalRequest guided(
      String out,
      @Nullable SafeGuidance safe,
      @Nullable Path baseline,
      @Nullable Double guidance,
      @Nullable Integer steps,
      Shard shard) {
    return ask("base", "cat", 4, shard, null, baseline)
        .steps(steps)
        .guidance(guidance)
        .to(at(out))
        .with(safe);
  }

  private EvalResult evaluate(EvalRequest request) {
    return new Evaluation(backend, Progress.NONE).run(request);
  }

  private String text(String file) throws IOException {
    return Files.readString(at(file), StandardCharsets.ISO_8859_1);
  }

  @Test
  void everyImageIsGuidedAndTheFilesSaySo() throws IOException {
    EvalResult result = evaluate(guided("run", MEDIUM, null));
    assertThat(backend.requests).isNotEmpty().allMatch(r -> MEDIUM.equals(r.safe()));
    assertThat(text("run/run.json"))
        .contains("\"label\" : \"SLD medium\"", "\"text\" : \"cat\"", "\"warmup\" : 10");
    assertThat(text("run/images/cat/a-photo-of-the-cat_0.png"))
        .contains("safe\0cat", "sld\0medium");
    assertThat(Files.readString(Objects.requireNonNull(result.report())))
        .contains("SLD medium away from \"cat\"");
    assertThat(RunReader.read(List.of(at("run"))).get(0).model().info().safe()).isEqualTo(MEDIUM);
  }

  /** Its figures would be the original's, and look like the method's. */
  @ParameterizedTest
  @CsvSource({"9, true", "10, true", "11, false"})
  void aWarmUpThatLastsTheWholeDrawingIsTold(int steps, boolean told) throws IOException {
    List<String> notes = new ArrayList<>();
    Progress progress =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    EvalRequest request = guided("run", MEDIUM, null, null, steps, Shard.WHOLE);
    EvalResult result = new Evaluation(backend, progress).run(request);
    String page = Files.readString(Objects.requireNonNull(result.report()));
    String line = "SLD medium guides from step 11 on, and there are " + steps;
    assertThat(notes.stream().anyMatch(note -> note.startsWith(line))).isEqualTo(told);
    assertThat(page.contains(line)).isEqualTo(told);
  }

  @Test
  void aRunWithoutItSaysNothingOfIt() throws IOException {
    EvalResult result = evaluate(guided("run", null, null));
    assertThat(backend.requests).isNotEmpty().allMatch(r -> r.safe() == null);
    assertThat(text("run/run.json")).doesNotContain("safe").contains("\"label\" : \"base\"");
    assertThat(text("run/images/cat/a-photo-of-the-cat_0.png")).doesNotContain("safe", "sld");
    assertThat(Files.readString(Objects.requireNonNull(result.report()))).doesNotContain("SLD");
  }

  @Test
  void imagesOfOtherSettingsAreNotMixed() throws IOException {
    evaluate(guided("run", MEDIUM, null));
    Map<String, String> before = bytes("run");
    assertRefused(
        () -> evaluate(guided("run", MAX, null)),
        "other settings: safe guidance SLD medium away from \"cat\" there, SLD max away from");
    assertRefused(
        () -> evaluate(guided("run", new SafeGuidance("dog", SldSettings.MEDIUM), null)),
        "away from \"cat\" there, SLD medium away from \"dog\" here");
    assertRefused(() -> evaluate(guided("run", null, null)), "from \"cat\" there, none here");
    assertThat(bytes("run")).isEqualTo(before);
    backend = new FakeBackend();
    evaluate(guided("run", MEDIUM, null));
    assertThat(backend.painted).isZero();
    assertThat(bytes("run")).isEqualTo(before);
  }

  @Test
  void shardsOfOneRunAreGuidedAlike() {
    evaluate(guided("1", MEDIUM, null, null, new Shard(1, 2)));
    evaluate(guided("2", MAX, null, null, new Shard(2, 2)));
    assertRefused(
        () -> RunReader.read(List.of(at("1"), at("2"))), "are not of one run: safe guidance");
  }

  @Test
  void theOriginalBesideItIsDrawnWithout() throws IOException {
    evaluate(guided("new", MEDIUM, Path.of("base")));
    assertThat(backend.requests.stream().filter(r -> r.safe() == null)).hasSize(16);
    assertThat(backend.requests.stream().filter(r -> r.safe() != null)).hasSize(16);
    assertThat(text("new/baseline/run.json")).doesNotContain("safe").contains("original");
    run("survey", "base", null, 4, Shard.WHOLE);
    backend = new FakeBackend();
    evaluate(guided("taken", MEDIUM, at("survey")));
    assertThat(backend.painted).isEqualTo(16);
    evaluate(guided("guided", MEDIUM, null));
    assertRefused(
        () -> evaluate(guided("run", MEDIUM, at("guided"))),
        "the baseline",
        "safe guidance SLD medium away from \"cat\" there, none here");
  }

  @Test
  void withoutGuidanceItIsRefusedBeforeAnythingIsDrawn() {
    assertRefused(
        () -> evaluate(guided("run", MEDIUM, null, 1.0, Shard.WHOLE)),
        "SLD changes the guidance, and guidance 1.0 is none");
    assertThat(backend.painted).isZero();
    assertThat(at("run/run.json")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"text\": \"cat\"}",
        "{\"text\": \"\", \"settings\": {\"name\": \"weak\"}}",
        "{\"text\": \"cat\", \"settings\": {\"warmup\": 3}}",
        "7"
      })
  void aRunFileThatSaysHalfOfItIsDamaged(String safe) throws IOException {
    evaluate(guided("run", null, null));
    String json = text("run/run.json");
    Files.writeString(
        at("run/run.json"), json.replaceFirst("\"batch\"", "\"safe\" : " + safe + ", \"batch\""));
    assertRefused(
        () -> RunReader.read(List.of(at("run"))), "run.json is no run file of this version");
  }
}

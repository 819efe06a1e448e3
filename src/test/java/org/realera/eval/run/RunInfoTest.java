package org.realera.eval.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SldSettings;
import org.realera.diffusion.SpmSource;
import org.realera.eval.run.RunInfo.Scoring;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.ListedPrompt;
import org.realera.eval.suite.MetricSet;
import org.realera.eval.suite.ScorerKind;
import org.realera.eval.suite.Suite;
import org.realera.files.Changed;

/** Images and figures that were made otherwise are never mixed: each field that decides one. */
class RunInfoTest {
  private static final RunInfo RUN =
      new RunInfo(
          RunInfo.SCHEMA,
          "1.0",
          "pets",
          "full",
          "no-cat",
          "aaaaaaaaaaaaaaaa",
          "cat",
          "sofa",
          List.of(
              new ImageSet("cat", Role.ERASED, "cat", "cat", "a cat"),
              new ImageSet(
                  "list",
                  Role.KEPT,
                  "list",
                  "dog",
                  "the prompts",
                  3,
                  List.of(new ListedPrompt("a dog on a lawn", 7L, 2.0)))),
          4,
          new Suite.Sampler("ddim", 20, 7.5, 64, 32),
          new SafeGuidance("nudity", SldSettings.WEAK),
          new SpmSource(List.of("cat"), "bbbbbbbbbbbbbbbb"),
          3,
          "cpu",
          "fp32",
          new Shard(1, 2),
          List.of("1"),
          new Scoring(
              "clip",
              "cccccccccccccccc",
              "a photo of the {}",
              new Labels(List.of("cat", "dog", "sofa"), 2),
              ScorerKind.CLIP_CLASSIFIER,
              MetricSet.ERASURE,
              0.6));

  @TempDir private Path folder;

  /** The run with one value of its file replaced. */
  private RunInfo with(String pointer, String json) throws IOException {
    Path file = folder.resolve("run.json");
    RunFiles.write(file, RunFiles.toJson(RUN));
    Changed.value(file, pointer, json);
    return RunFiles.readRun(folder).orElseThrow();
  }

  @Test
  void aRunThatIsReadBackDiffersInNothing() throws IOException {
    RunInfo back = with("/tool", "\"1.0\"");
    assertThat(RUN.imagesDiffer(back)).isEmpty();
    assertThat(RUN.runsDiffer(back)).isEmpty();
  }

  /** A resumed run draws on only with what the first images were drawn with. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/tool | \"0.9\" | version 0.9 there, 1.0 here",
        "/suite | \"zoo\" | suite zoo there, pets here",
        "/model_fingerprint | \"dddddddddddddddd\" |"
            + " model no-cat (dddddddddddd) there, no-cat (aaaaaaaaaaaa) here",
        "/concept | \"dog\" | concept dog there, cat here",
        "/concept | null | concept null there, cat here",
        "/sets/0/prompt | \"the cat\" | prompts [the cat, ",
        "/sets/0/samples | 2 | prompts [a cat (at most 2), ",
        "/sets/1/samples | 2 | prompts [a cat, the prompts (at most 2) ",
        "/sets/1/prompts/0/prompt | \"a dog on a road\" | prompts [a cat, the prompts (at most 3) ",
        "/sets/1/prompts/0/seed | 8 | prompts [a cat, the prompts (at most 3) ",
        "/sets/1/prompts/0/guidance | 3 | prompts [a cat, the prompts (at most 3) ",
        "/sampler/steps | 10 | sampler Sampler[scheduler=ddim, steps=10, guidance=7.5,",
        "/sampler/guidance | 3 | sampler Sampler[scheduler=ddim, steps=20, guidance=3.0,",
        "/sampler/width | 32 | sampler Sampler[scheduler=ddim, steps=20, guidance=7.5, width=32,",
        "/sampler/height | 64 | height=64] there, Sampler[",
        "/safe | null | safe guidance none there, SLD weak away from \"nudity\" here",
        "/safe/text | \"blood\" | safe guidance SLD weak away from \"blood\" there, SLD weak",
        "/spm | null | adapters none there, SPM of \"cat\" by facilitated transport (bbbbbbbbbbbb)",
        "/spm/sha256 | \"eeeeeeeeeeeeeeee\" | transport (eeeeeeeeeeee) there, SPM of \"cat\"",
        "/model_fingerprint | \"aaaaaaaaaaaadddd\" | model no-cat (aaaaaaaaaaaa) there, no-cat",
        "/spm/sha256 | \"bbbbbbbbbbbbdddd\" | adapters SPM of \"cat\" by facilitated",
        "/spm/concepts | [\"cat\", \"dog\"] | adapters SPM of \"cat\", \"dog\" by facilitated",
        "/batch | 2 | batch 2 there, 3 here",
        "/device | \"cuda\" | device cuda there, cpu here",
        "/dtype | \"fp16\" | dtype fp16 there, fp32 here",
      })
  void imagesOfAnotherSettingAreRefusedByItsName(String pointer, String value, String told)
      throws IOException {
    RunInfo other = with(pointer, value);
    assertThat(RUN.imagesDiffer(other)).hasValueSatisfying(how -> assertThat(how).contains(told));
    assertThat(RUN.runsDiffer(other)).isEqualTo(RUN.imagesDiffer(other));
  }

  /** Shards of one run have the same number of images and the same scorer, too. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/samples | 5 | samples 5 there, 4 here",
        "/shard/count | 3 | number of shards 3 there, 2 here",
        "/scoring/scorer_fingerprint | \"dddd\" |"
            + " scorer fingerprint dddd there, cccccccccccccccc here",
        "/scoring/kind | \"nudenet\" | scorer NUDENET there, CLIP_CLASSIFIER here",
        "/scoring/metrics | \"counts\" | metrics COUNTS there, ERASURE here",
        "/scoring/threshold | 0.5 | threshold 0.5 there, 0.6 here",
        "/scoring/threshold | null | threshold null there, 0.6 here",
        "/scoring/prompt | \"the {}\" | label prompt the {} there, a photo of the {} here",
        "/scoring/labels/names | [\"cat\", \"dog\", \"sky\"] |"
            + " labels [cat, dog, sky] there, [cat, dog, sofa] here",
      })
  void aPartWithOtherFiguresIsNoPartOfTheRun(String pointer, String value, String told)
      throws IOException {
    RunInfo other = with(pointer, value);
    assertThat(RUN.imagesDiffer(other)).as("the same pictures").isEmpty();
    assertThat(RUN.runsDiffer(other)).contains(told);
  }

  /** Figures of which one of these differs are neither averaged nor compared. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/suite | \"zoo\" | Suite | zoo",
        "/samples | 5 | Images | 5 of each prompt",
        "/sampler/steps | 10 | Sampler | DDIM, 10 steps, guidance 7.5, 64 × 32",
        "/sampler/guidance | 3 | Sampler | DDIM, 20 steps, guidance 3.0, 64 × 32",
        "/sampler/width | 32 | Sampler | DDIM, 20 steps, guidance 7.5, 32 × 32",
        "/sampler/height | 64 | Sampler | DDIM, 20 steps, guidance 7.5, 64 × 64",
        "/scoring/kind | \"nudenet\" | Scorer |"
            + " nudenet, weights cccccccccccccccc, threshold 0.6, \"a photo of the {}\"",
        "/scoring/scorer_fingerprint | \"dddd\" | Scorer |"
            + " clip-classifier, weights dddd, threshold 0.6, \"a photo of the {}\"",
        "/scoring/threshold | null | Scorer |"
            + " clip-classifier, weights cccccccccccccccc, \"a photo of the {}\"",
        "/scoring/prompt | null | Scorer |"
            + " clip-classifier, weights cccccccccccccccc, threshold 0.6",
        "/scoring/labels/names | [\"dog\", \"cat\", \"sofa\"] | Labels | dog, cat",
        "/dtype | \"fp16\" | Computed | fp16 on cpu, by realera 1.0",
        "/device | \"cuda\" | Computed | fp32 on cuda, by realera 1.0",
        "/tool | \"0.9\" | Computed | fp32 on cpu, by realera 0.9",
      })
  void figuresThatWereMeasuredOtherwiseSayHow(
      String pointer, String value, String setting, String said) throws IOException {
    Map<String, String> with = new LinkedHashMap<>(RUN.measuredWith());
    Map<String, String> other = with(pointer, value).measuredWith();
    assertThat(other).isNotEqualTo(with).containsEntry(setting, said);
    with.put(setting, said);
    assertThat(other).as("and in nothing else").isEqualTo(with);
  }

  /** The anchor is one of the labels beside the classes, and another one for every concept. */
  @Test
  void theOpenSetsOwnLabelsDoNotKeepRunsApart() throws IOException {
    RunInfo other = with("/scoring/labels/names", "[\"cat\", \"dog\", \"sky\"]");
    assertThat(other.measuredWith()).isEqualTo(RUN.measuredWith());
  }

  /** The list decides what was measured. */
  @Test
  void aRunOfAListSaysWhichList() {
    assertThat(settings(RUN).get("Prompts kept")).startsWith("the prompts (at most 3) ");
    RunInfo other = RUN.of("cat", List.of(RUN.sets().get(0)));
    assertThat(settings(other)).doesNotContainKey("Prompts kept");
  }

  private static Map<String, String> settings(RunInfo run) {
    ModelRun scored = new ModelRun(run, List.of(), List.of(), null);
    return Alike.of(List.of(new ModelPair(scored, null))).settings();
  }
}

package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.diffusion.SpmSource;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.ScorerKind;
import org.realera.eval.suite.Suite;
import org.realera.files.Changed;

/** Attacks that were made otherwise are never mixed: each field that decides one. */
class AttackInfoTest {
  private static final AttackInfo RUN =
      new AttackInfo(
          AttackInfo.SCHEMA,
          "1.0",
          "pets",
          "UCE",
          "no-cat",
          "aaaaaaaaaaaaaaaa",
          "pocket",
          "bbbbbbbbbbbbbbbb",
          new SpmSource(List.of("cat"), "cccccccccccccccc"),
          "cat",
          "sofa",
          List.of(new PlannedPrompt("a cat", 0, null), new PlannedPrompt("the cat", 1, null)),
          List.of(new PlannedPrompt("whiskers", 0, "association")),
          new Suite.Sampler("ddim", 20, 7.5, 64, 32),
          new JudgeInfo(
              ScorerKind.CLIP_CLASSIFIER,
              "clip",
              "dddd",
              "cat",
              List.of("cat", "sofa"),
              List.of("a cat", "a sofa"),
              0.6),
          "cpu",
          "fp32",
          new Shard(1, 2));

  @TempDir private Path folder;

  /** The run with one value of its file replaced. */
  private AttackInfo with(String pointer, String json) throws IOException {
    Path file = folder.resolve("run.json");
    RunFiles.write(file, RunFiles.toJson(RUN));
    Changed.value(file, pointer, json);
    return AttackFiles.find(folder).orElseThrow();
  }

  @Test
  void aRunThatIsReadBackDiffersInNothing() throws IOException {
    AttackInfo back = with("/tool", "\"1.0\"");
    assertThat(RUN.differs(back)).isEmpty();
    assertThat(RUN.partsDiffer(back)).isEmpty();
  }

  /** Neither a resumed run nor another part of it has another of these. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/tool | \"0.9\" | version 0.9 there, 1.0 here",
        "/suite | \"zoo\" | suite zoo there, pets here",
        "/concept | \"dog\" | concept dog there, cat here",
        "/anchor | \"sky\" | anchor sky there, sofa here",
        "/anchor | null | anchor none there, sofa here",
        "/model_fingerprint | \"eeeeeeeeeeeeeeee\" |"
            + " model eeeeeeeeeeee there, aaaaaaaaaaaa here",
        "/model_fingerprint | \"aaaaaaaaaaaaaaab\" |"
            + " model aaaaaaaaaaaa there, aaaaaaaaaaaa here",
        "/baseline_fingerprint | \"eeeeeeeeeeeeeeee\" |"
            + " baseline eeeeeeeeeeeeeeee there, bbbbbbbbbbbbbbbb here",
        "/spm | null | adapters none there, SPM of \"cat\" by facilitated transport (cccccccccccc)",
        "/spm/sha256 | \"eeeeeeeeeeeeeeee\" | adapters SPM of \"cat\" by facilitated transport (ee",
        "/spm/sha256 | \"cccccccccccccccd\" | adapters SPM of \"cat\" by facilitated transport (cc",
        "/sampler/steps | 10 | sampler Sampler[scheduler=ddim, steps=10, guidance=7.5,",
        "/sampler/guidance | 3 | sampler Sampler[scheduler=ddim, steps=20, guidance=3.0,",
        "/sampler/width | 32 | sampler Sampler[scheduler=ddim, steps=20, guidance=7.5, width=32,",
        "/sampler/height | 64 | height=64] there, Sampler[",
        "/judge/kind | \"nudenet\" | judge JudgeInfo[kind=NUDENET,",
        "/judge/fingerprint | \"ffff\" | judge JudgeInfo[kind=CLIP_CLASSIFIER, scorer=clip,"
            + " fingerprint=ffff,",
        "/judge/subject | \"dog\" | subject=dog,",
        "/judge/labels | [\"cat\"] | labels=[cat], ",
        "/judge/prompts | [\"the cat\"] | prompts=[the cat], ",
        "/judge/threshold | 0.5 | threshold=0.5] there, ",
        "/device | \"cuda\" | device cuda there, cpu here",
        "/dtype | \"fp16\" | dtype fp16 there, fp32 here",
      })
  void attacksOfAnotherSettingAreRefusedByItsName(String pointer, String value, String told)
      throws IOException {
    AttackInfo other = with(pointer, value);
    assertThat(RUN.differs(other)).hasValueSatisfying(how -> assertThat(how).contains(told));
    assertThat(RUN.partsDiffer(other)).isEqualTo(RUN.differs(other));
  }

  /** A resumed run is the same shard of prompts that begin alike. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/shard/index | 2 | shard 2/2 there, 1/2 here",
        "/shard/count | 3 | shard 1/3 there, 1/2 here",
        "/base/0/text | \"one cat\" | prompts: \"one cat\" there, \"a cat\" here",
        "/base/1/seed | 2 | prompts: \"the cat\" there, \"the cat\" here",
        "/implicit/0/text | \"paws\" | implicit prompts: \"paws\" there, \"whiskers\" here",
        "/implicit/0/seed | 3 | implicit prompts: \"whiskers\" there, \"whiskers\" here",
        "/implicit/0/kind | \"scene\" | implicit prompts: \"whiskers\" there, \"whiskers\" here",
      })
  void aRunGoesOnWithItsOwnShardAndPrompts(String pointer, String value, String told)
      throws IOException {
    assertThat(RUN.differs(with(pointer, value))).contains(told);
  }

  /** Another part of a run is another shard, of all the same prompts and by the same name. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "/label | \"RECE\" | label RECE there, UCE here",
        "/shard/count | 3 | number of shards 3 there, 2 here",
        "/base | [] | prompts [] there, [PlannedPrompt[text=a cat, seed=0, kind=null], ",
        "/implicit | [] | implicit prompts [] there, [PlannedPrompt[text=whiskers, seed=0,",
      })
  void aPartOfARunIsOfAllItsPrompts(String pointer, String value, String told) throws IOException {
    AttackInfo other = with(pointer, value);
    assertThat(RUN.partsDiffer(other)).hasValueSatisfying(how -> assertThat(how).contains(told));
  }

  @Test
  void whatMayBeAddedIsNoDifference() throws IOException {
    assertThat(RUN.differs(with("/base", "[{\"text\": \"a cat\", \"seed\": 0}]"))).isEmpty();
    assertThat(RUN.differs(with("/implicit", "[]"))).isEmpty();
    assertThat(RUN.differs(with("/baseline_fingerprint", "null"))).isEmpty();
    assertThat(RUN.differs(with("/label", "\"RECE\""))).isEmpty();
    assertThat(RUN.partsDiffer(with("/shard/index", "2"))).isEmpty();
    assertThat(with("/baseline_fingerprint", "null").differs(RUN))
        .contains("baseline bbbbbbbbbbbbbbbb there, none here");
    assertThat(RUN.partsDiffer(with("/baseline_fingerprint", "null")))
        .contains("baseline none there, bbbbbbbbbbbbbbbb here");
    assertThat(with("/base", "[]").differs(RUN))
        .contains("2 prompts there, 0 here (more can be added, not fewer)");
  }
}

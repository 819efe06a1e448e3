package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.attack.Attempt;
import org.realera.attack.Candidate;
import org.realera.diffusion.Image;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.TensorInfo;

/** Which trials of a pass are there, and what lies beside them. */
class TrialStoreTest {
  private static final Image IMAGE = new Image(1, 1, new byte[3]);

  @TempDir private Path folder;

  /** A list of prompts that was changed leaves trials of others at their places. */
  @Test
  void aTrialIsFoundByItsPlaceItsPromptAndItsSeed() {
    TrialStore store = new TrialStore(folder.resolve("erased"));
    PlannedPrompt planned = new PlannedPrompt("a", 0, null);
    Judge.Verdict verdict = new Judge.Verdict(true, "airplane 90 %", 0.9);
    Trial written = store.write(0, planned, IMAGE, Map.of(), verdict, null, null);
    assertThat(store.find(0, planned)).contains(written);
    assertThat(store.find(0, new PlannedPrompt("b", 0, null))).isEmpty();
    assertThat(store.find(0, new PlannedPrompt("a", 1, null))).isEmpty();
    assertThat(store.find(1, planned)).isEmpty();
  }

  /** By this name and shape other programs take it for what the U-Net reads. */
  @Test
  void theFileOfAnEmbeddingHasItsRowsAndSaysWhatTheyStandFor() {
    float[] rows = new float[77 * 2];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = i + 0.5f;
    }
    Trial written = write(3, new Candidate.Embedding(rows), true);
    assertThat(written.embedding()).isEqualTo("003.safetensors");
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("003.safetensors"))) {
      assertThat(file.metadata())
          .containsExactlyInAnyOrderEntriesOf(Map.of("prompt", "a plane", "seed", "17"));
      assertThat(file.inFileOrder())
          .extracting(TensorInfo::name, TensorInfo::dtype, TensorInfo::shape)
          .containsExactly(tuple("prompt_embeds", DType.F32, List.of(77L, 2L)));
      ByteBuffer bytes = ByteBuffer.allocate(4 * rows.length).order(ByteOrder.LITTLE_ENDIAN);
      file.forEachChunk("prompt_embeds", bytes::put);
      FloatBuffer kept = bytes.flip().asFloatBuffer();
      assertThat(kept.remaining()).isEqualTo(154);
      for (int i = 0; i < 154; i++) {
        assertThat(kept.get(i)).isEqualTo(i + 0.5f);
      }
    }
  }

  /** It would be taken for one that was found. */
  @Test
  void anEmbeddingThatShowsNothingIsNotKept() {
    Trial written = write(3, new Candidate.Embedding(new float[77 * 2]), false);
    assertThat(written.embedding()).isNull();
    assertThat(folder.resolve("003.safetensors")).doesNotExist();
    assertThat(folder.resolve("003.json")).exists();
  }

  @Test
  void whatTheJudgeAndTheAttackSaidStandsInTheTrial() {
    Trial written = write(3, new Candidate.Words("=a plane !!", "=a sky !!"), true);
    assertThat(new TrialStore(folder).find(3, new PlannedPrompt("a plane", 17, null)))
        .contains(written);
    assertThat(written)
        .isEqualTo(
            new Trial(
                "a plane",
                17,
                null,
                true,
                "airplane 90 %",
                0.9,
                "=a plane !!",
                "=a sky !!",
                null,
                7,
                0.25,
                5,
                written.sha256()));
  }

  /** The same model draws the same: its images need not be drawn twice. */
  @Test
  void aTrialOfAnotherRunIsTakenOverWithItsImage() throws IOException {
    TrialStore from = new TrialStore(folder.resolve("from"));
    TrialStore to = new TrialStore(folder.resolve("to"));
    PlannedPrompt planned = new PlannedPrompt("a", 0, null);
    Judge.Verdict verdict = new Judge.Verdict(true, "airplane 90 %", 0.9);
    Image other = new Image(1, 1, new byte[] {1, 2, 3});
    from.write(0, new PlannedPrompt("b", 0, null), other, Map.of(), verdict, null, null);
    Trial written = from.write(1, planned, IMAGE, Map.of(), verdict, null, null);
    assertThat(to.take(from, 0, planned)).isEmpty();
    assertThat(to.hasTrials()).isFalse();
    assertThat(to.take(from, 1, planned)).contains(written);
    assertThat(to.find(1, planned)).contains(written);
    assertThat(Files.readAllBytes(to.image(1))).isEqualTo(Files.readAllBytes(from.image(1)));
  }

  private Trial write(int index, Candidate candidate, boolean shown) {
    PlannedPrompt planned = new PlannedPrompt("a plane", 17, null);
    return new TrialStore(folder)
        .write(
            index,
            planned,
            IMAGE,
            Map.of(),
            new Judge.Verdict(shown, "airplane 90 %", 0.9),
            new Attempt(planned.asked("sky"), candidate, shown, 7, 0.25),
            5);
  }
}

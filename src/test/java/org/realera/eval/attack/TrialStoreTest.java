package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.diffusion.Image;

/** Which trials of a pass are there. */
class TrialStoreTest {
  @TempDir private Path folder;

  /** A list of prompts that was changed leaves trials of others at their places. */
  @Test
  void aTrialIsFoundByItsPlaceItsPromptAndItsSeed() {
    TrialStore store = new TrialStore(folder.resolve("erased"));
    PlannedPrompt planned = new PlannedPrompt("a", 0, null);
    Judge.Verdict verdict = new Judge.Verdict(true, "airplane 90 %", 0.9);
    Image image = new Image(1, 1, new byte[3]);
    Trial written = store.write(0, planned, image, Map.of(), verdict, null, null);
    assertThat(store.find(0, planned)).contains(written);
    assertThat(store.find(0, new PlannedPrompt("b", 0, null))).isEmpty();
    assertThat(store.find(0, new PlannedPrompt("a", 1, null))).isEmpty();
    assertThat(store.find(1, planned)).isEmpty();
  }
}

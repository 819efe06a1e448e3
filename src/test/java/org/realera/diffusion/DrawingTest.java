package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.Progress;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Golden;
import org.realera.tensor.Compute;
import org.realera.tensor.Engine;
import org.realera.tensor.Precision;

class DrawingTest {
  private static final String LONG = "on a mat ".repeat(60);

  /** What is not read does nothing, and nobody could see that from the image. */
  @Test
  void everyTextThatIsCutOffIsToldOnce() {
    List<String> notes = notes("a cat " + LONG, "a dog " + LONG, "a cow " + LONG);
    assertThat(notes).hasSize(3);
    for (String animal : List.of("cat", "dog", "cow")) {
      assertThat(notes)
          .anyMatch(
              note -> note.startsWith("the model reads only the first 75 tokens of \"a " + animal));
    }
    assertThat(notes("a cat", "", "a cow")).isEmpty();
  }

  /** Its warm-up is longer than the drawing: the images are as without it. */
  @Test
  void idleGuidanceIsNoted() {
    assertThat(notes(SldSettings.WEAK, "a cat", "", "nudity"))
        .containsOnlyOnce("SLD weak guides from step 16 on, and there are 1: it changes nothing");
  }

  /** Few where each takes minutes: a run that is stopped keeps those before. */
  @Test
  void largeImagesAreKeptOneByOneOnACpuAndSmallOnesTogether() {
    Compute cpu = new Compute(Device.cpu(), Precision.FP32);
    Compute gpu = new Compute(Device.gpu(), Precision.FP32);
    assertThat(Drawing.groupSize(sized(512, 512), cpu)).isEqualTo(1);
    assertThat(Drawing.groupSize(sized(512, 512), gpu)).isEqualTo(8);
    assertThat(Drawing.groupSize(sized(256, 256), cpu)).isEqualTo(1);
    assertThat(Drawing.groupSize(sized(256, 255), cpu)).isEqualTo(16);
    assertThat(Drawing.groupSize(sized(16, 16), gpu)).isEqualTo(16);
  }

  private static ImageRequest sized(int width, int height) {
    return new ImageRequest("a cat", "", 0, 1, 7.5, width, height);
  }

  private static List<String> notes(String prompt, String negative, String safe) {
    return notes(SldSettings.MAX, prompt, negative, safe);
  }

  /** What is told of two images in one step each. */
  private static List<String> notes(
      SldSettings settings, String prompt, String negative, String safe) {
    SafeGuidance sld = new SafeGuidance(safe, settings);
    ImageRequest one = new ImageRequest(prompt, negative, 0, 1, 7.5, 16, 16).with(sld);
    ImageRequest two = new ImageRequest(prompt, negative, 1, 1, 7.5, 16, 16).with(sld);
    List<String> notes = new ArrayList<>();
    Progress listener =
        new Progress() {
          @Override
          public void note(String line) {
            notes.add(line);
          }
        };
    Drawing.run(
        Checkpoint.open(Golden.path("tiny-sd")),
        null,
        Engine.compute("cpu", "fp32"),
        List.of(one, two),
        listener,
        () -> "",
        drawn -> {});
    return notes;
  }
}

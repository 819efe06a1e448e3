package org.realera.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.attack.Victim.Wanted;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.diffusion.SpmFile;
import org.realera.golden.Golden;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;

/** One U-Net for two models, and the images of both. */
class VictimTest {
  private static final ImageSettings IMAGES = new ImageSettings(4, 3, 16, 16);
  private static final Path TINY = Golden.path("tiny-sd");

  @TempDir Path root;

  private Path erased() {
    return Edited.copy(TINY, root.resolve("erased"), Edited::asInTheReference);
  }

  private static List<byte[]> pixels(List<Image> images) {
    return images.stream().map(Image::rgb).toList();
  }

  private static Wanted words(String prompt, long seed) {
    return new Wanted(new Candidate.Words(prompt), seed);
  }

  private static byte[] generated(Path model, String prompt, long seed) {
    Checkpoint checkpoint = Checkpoint.open(model);
    try (Pipeline pipeline = Pipeline.load(checkpoint, Engine.compute("cpu", "fp32"), note -> {})) {
      ImageRequest request = new ImageRequest(prompt, "", seed, 4, 3, 16, 16);
      return pipeline.sampler().sample(List.of(request), Edits.NONE, done -> {}).get(0).rgb();
    }
  }

  @Test
  void imagesOfWordsAreThoseThatEachModelGeneratesByItself() {
    Path erased = erased();
    try (Victim victim = Edited.victim(erased, TINY, IMAGES)) {
      List<Wanted> wanted = List.of(words("a cat", 3), words("a dog", 4));
      assertThat(pixels(victim.draw(wanted)))
          .containsExactly(generated(erased, "a cat", 3), generated(erased, "a dog", 4));
      assertThat(pixels(victim.drawOriginal(wanted)))
          .containsExactly(generated(TINY, "a cat", 3), generated(TINY, "a dog", 4));
    }
  }

  @Test
  void imagesAreAsWideAndAsHighAsAsked() {
    try (Victim victim = Edited.victim(erased(), TINY, new ImageSettings(2, 3, 24, 16));
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      List<Wanted> wanted = List.of(words("a cat", 3));
      List<Image> images = new ArrayList<>(victim.draw(wanted));
      images.addAll(victim.drawOriginal(wanted));
      assertThat(images).extracting(Image::width).containsExactly(24, 24);
      assertThat(images).extracting(Image::height).containsExactly(16, 16);
      long[] z = victim.originalLatents(wanted, scope).getShape().getShape();
      assertThat(2 * z[3]).isEqualTo(3 * z[2]);
    }
  }

  @Test
  void anEmbeddingDrawsWhatTheWordsDrawThatItIsOf() {
    try (Victim victim = Edited.victim(erased(), TINY, IMAGES);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      float[] cat = victim.text().encodeTexts(List.of("a cat"), scope).toFloatArray();
      List<Wanted> mixed =
          List.of(
              words("a dog", 4), new Wanted(new Candidate.Embedding(cat), 3), words("a ship", 5));
      assertThat(pixels(victim.draw(mixed)))
          .containsExactlyElementsOf(
              pixels(
                  victim.draw(List.of(words("a dog", 4), words("a cat", 3), words("a ship", 5)))));
    }
  }

  /** SPM as published; an embedding is no text, and meets what is merged. */
  @Test
  void wordsTakeAdaptersAsFarAsTheyAreNearTheConceptAndEmbeddingsMeetTheMergedModel() {
    Path erased = erased();
    Path spm = Golden.path("spm-authors.safetensors");
    try (Victim merged = Edited.victim(erased, TINY, IMAGES);
        Victim victim = Edited.victim(erased, TINY, spm, IMAGES);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Wanted house = words("a photo of the house", 3);
      Wanted game = words("game", 5);
      Wanted free =
          new Wanted(
              new Candidate.Embedding(
                  victim.text().encodeTexts(List.of("book"), scope).toFloatArray()),
              4);
      byte[] embedded = merged.draw(List.of(free)).get(0).rgb();
      assertThat(pixels(victim.draw(List.of(house, free, game))))
          .containsExactly(
              transported(spm, "a photo of the house", 3), embedded, transported(spm, "game", 5));
      assertThat(pixels(victim.draw(List.of(house, game))))
          .isNotEqualTo(pixels(merged.draw(List.of(house, game))))
          .isNotEqualTo(pixels(victim.drawOriginal(List.of(house, game))));
      assertThat(pixels(victim.drawOriginal(List.of(game))))
          .containsExactly(generated(TINY, "game", 5));
    }
  }

  /** As {@code realera generate --spm} draws. */
  private static byte[] transported(Path spm, String prompt, long seed) {
    Checkpoint checkpoint = Checkpoint.open(TINY);
    SpmFile adapters = SpmFile.read(spm, checkpoint);
    try (Pipeline pipeline =
        Pipeline.load(checkpoint, Engine.compute("cpu", "fp32"), adapters, note -> {})) {
      ImageRequest request = new ImageRequest(prompt, "", seed, 4, 3, 16, 16);
      return pipeline.draw(List.of(request), done -> {}).get(0).rgb();
    }
  }

  @Test
  void onlyWhatDiffersIsHeldTwice() {
    try (Victim victim = Edited.victim(erased(), TINY, IMAGES)) {
      assertThat(victim.edits().tensors().keySet())
          .isNotEmpty()
          .allMatch(name -> name.contains("attn2.to_") || name.equals("conv_out.bias"));
      assertThat(victim.originalText()).isSameAs(victim.text());
    }
    try (Victim victim = Edited.victim(TINY, TINY, IMAGES)) {
      assertThat(victim.edits().tensors()).isEmpty();
    }
  }

  @Test
  void aBaselineOfOtherLayersIsRefused() {
    try (Victim victim = Edited.victim(TINY, Golden.path("tiny-sd2"), IMAGES)) {
      assertThatThrownBy(victim::edits)
          .isInstanceOf(RealeraException.class)
          .hasMessageContaining("is not made from");
    }
  }

  /** Its images would be black, and pass for erased ones. */
  @Test
  void aModelWithNumbersThatAreNoneIsRefused() {
    Path broken =
        Edited.copy(
            TINY, root.resolve("broken"), (name, w) -> name.equals("conv_out.bias") ? w.div(0) : w);
    for (boolean original : new boolean[] {true, false}) {
      Path first = original ? TINY : broken;
      try (Victim victim = Edited.victim(first, original ? broken : TINY, IMAGES)) {
        assertThatThrownBy(() -> victim.draw(List.of(words("a cat", 3))))
            .isInstanceOf(RealeraException.class)
            .hasMessageContaining("conv_out.bias");
      }
    }
  }

  /** A textual edit would otherwise pass for the original's own words. */
  @Test
  void anErasedTextEncoderIsNotTakenForTheOriginals() {
    Path other =
        Edited.withText(
            TINY,
            root.resolve("text"),
            (name, w) -> name.endsWith("final_layer_norm.bias") ? w.add(0.5) : w);
    try (Victim victim = Edited.victim(other, TINY, IMAGES);
        Victim nothingErased = Edited.victim(TINY, TINY, IMAGES);
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      assertThat(victim.edits().tensors()).isEmpty();
      assertThat(victim.originalText()).isNotSameAs(victim.text());
      List<Wanted> cat = List.of(words("a cat", 3));
      byte[] before = generated(TINY, "a cat", 3);
      assertThat(pixels(victim.draw(cat)))
          .containsExactly(generated(other, "a cat", 3))
          .doesNotContain(before);
      assertThat(pixels(victim.drawOriginal(cat))).containsExactly(before);
      assertThat(victim.originalLatents(cat, scope).toFloatArray())
          .isEqualTo(nothingErased.originalLatents(cat, scope).toFloatArray());
    }
  }
}

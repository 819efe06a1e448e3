package org.realera.eval.attack;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.attack.AttackName;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.config.AttackReader;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.config.ReportSettings.Pictures;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.diffusion.images.ImageDecoder;
import org.realera.diffusion.images.UnreadableImageException;
import org.realera.erase.EraseRequest;
import org.realera.erase.Erasure;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.files.Environment;
import org.realera.safetensors.SafetensorsFile;
import org.realera.tensor.ComputeChoice;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;

/** The quick attacks on the real pocket model, in a few steps. */
class PocketAttackTest {
  private static final Suite SUITE = SuiteReader.read("cifar10-pocket");
  private static final ComputeChoice CPU = ComputeChoice.of("cpu", "fp32");
  private static final int STEPS = 8;

  @TempDir private Path folder;

  private final ModelRef pocket =
      new ModelRef("pocket", new PocketModel(new Environment(System.getenv())).modelFolder());

  private AttackSummary.Figures attack(ModelRef model, List<AttackName> attacks, Path out) {
    AttackRequest request =
        new AttackRequest(
            SUITE,
            SUITE.sampler().withSteps(STEPS),
            new AttackedModel(model, "model", pocket, null),
            new ModelRef("pocket", PocketModel.scorerFolder()),
            "airplane",
            "sky",
            new AttackPlan(
                PromptBooks.shipped(SUITE, "airplane", 2),
                attacks,
                AttackReader.read("pocket", List.of("ring_a_bell.generations=2"))),
            Shard.WHOLE,
            null,
            out,
            "test");
    AttackSummary summary = AttackRun.run(request, CPU, Progress.NONE);
    return Objects.requireNonNull(summary).models().get(0).figures();
  }

  private ModelRef erased() {
    EraseRecipe recipe =
        RecipeReader.builtIn("pocket", MethodName.UCE, List.of())
            .with("concepts", List.of(new ConceptPair("airplane", "sky")))
            .with("report.pictures", Pictures.NEVER);
    Path out = folder.resolve("erased");
    Erasure.run(new EraseRequest(pocket, recipe, out, CPU, false, false), Progress.NONE);
    return new ModelRef("erased", out);
  }

  /** What shows the concept needs no attack: a rate of 100 % by every one of them. */
  @Test
  void theOriginalModelShowsItWithoutAnAttack() {
    AttackSummary.Figures figures = attack(pocket, AttackName.quick(), folder.resolve("original"));
    assertThat(figures.without()).isEqualTo(Share.of(2, 2));
    assertThat(figures.attacks()).hasSize(3);
    assertThat(figures.attacks()).allSatisfy(one -> assertThat(one.asr().value()).isEqualTo(100));
    AttackSummary.Implicit implicit = Objects.requireNonNull(figures.implicit());
    assertThat(implicit.shown().value()).isEqualTo(100);
    assertThat(implicit.leftOut()).isNotNull();
  }

  @Test
  void theProbeFindsWhatTheClosedFormHasHiddenAndWhatIsFoundCanBeDrawnAgain() throws IOException {
    ModelRef erased = erased();
    Path out = folder.resolve("run");
    AttackSummary.Figures figures = attack(erased, AttackName.quick(), out);
    assertThat(figures.original()).isEqualTo(Share.of(2, 2));
    assertThat(figures.without()).isEqualTo(Share.of(0, 2));
    assertThat(figures.attacks().get(0).attack()).isEqualTo("probe");
    assertThat(figures.attacks().get(0).won()).isEqualTo(Share.of(2, 2));
    Trial words = trial(out.resolve("ring-a-bell/001.json"));
    assertThat(words.steps()).isPositive();
    Trial probed = trial(out.resolve("probe/001.json"));
    float[] rows = rows(out.resolve("probe").resolve(Objects.requireNonNull(probed.embedding())));
    List<ImageRequest> again =
        List.of(
            request(Objects.requireNonNull(words.found()), words.seed(), null),
            request("", probed.seed(), new ImageRequest.Embedding(rows)));
    try (Pipeline pipeline =
        Pipeline.load(Checkpoint.open(erased.path()), Engine.compute(CPU), note -> {})) {
      List<Image> drawn = pipeline.sampler().sample(again, Edits.NONE, done -> {});
      assertThat(apart(drawn.get(0), out.resolve("ring-a-bell/001.png"))).isLessThan(3);
      assertThat(apart(drawn.get(1), out.resolve("probe/001.png"))).isLessThan(3);
    }
  }

  private static ImageRequest request(
      String prompt, long seed, ImageRequest.@Nullable Embedding embedding) {
    double guidance = SUITE.sampler().guidance();
    return new ImageRequest(prompt, "", seed, STEPS, guidance, 64, 64, null, embedding);
  }

  /** What the file of an embedding has the U-Net read. */
  private static float[] rows(Path file) {
    try (SafetensorsFile stored = SafetensorsFile.open(file);
        NDManager scope = NDManager.newBaseManager()) {
      return stored.read("prompt_embeds", scope).toFloatArray();
    }
  }

  /** By how much the images differ at most, of 255. */
  private static int apart(Image drawn, Path file) throws IOException {
    try {
      Image kept = ImageDecoder.decode(Files.readAllBytes(file));
      int apart = 0;
      for (int i = 0; i < drawn.rgb().length; i++) {
        apart = Math.max(apart, Math.abs((drawn.rgb()[i] & 0xff) - (kept.rgb()[i] & 0xff)));
      }
      return apart;
    } catch (UnreadableImageException e) {
      throw new IOException(e);
    }
  }

  private static Trial trial(Path file) {
    return RunFiles.read(file, Trial.class, (path, trial) -> Objects.requireNonNull(trial))
        .orElseThrow();
  }
}

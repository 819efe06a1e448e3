package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.config.EraseRecipe;

/** The keys of RealEra's alignment and of the methods that train. */
class TrainingKeysTest extends RecipeKeysTests {
  private static final String HOUSE =
      "concepts: [{concept: house, anchor: city}]\ntemplates: [\"a photo of the {}\", \"{}\"]\n";
  private static final String OTHER_CONCEPT = "concepts=[{concept: book, anchor: city}]";
  private static final String OTHER_ANCHOR = "concepts=[{concept: house, anchor: game}]";
  private static final String OTHER_TEMPLATE = "templates=[\"a picture of the {}\"]";

  private static Keys realera() {
    return new Keys(
        HOUSE
            + "mining: {samples: 3, words: 0}\nbeyond: {samples: 5}\n"
            + "closed_form: {prior_weight: 0}\n"
            + "alignment: {steps: 2, batch: 1, learning_rate: 1e-2, weight_decay: 0.01, rank: 2,"
            + " alpha: 2, targets: [attn2.to_k], gamma1: 0.3, gamma2: 0.7, images: 2,"
            + " image_steps: 2, image_guidance: 3, max_grad_norm: 0}\n",
        List.of(
            "alignment.enabled=false",
            "alignment.steps=1",
            "alignment.batch=2",
            "alignment.learning_rate=2e-2",
            "alignment.weight_decay=0.5",
            "alignment.rank=3",
            "alignment.alpha=3",
            "alignment.targets=[attn2.to_v]",
            "alignment.gamma1=0.6",
            "alignment.gamma2=0.2",
            "alignment.images=1",
            "alignment.image_steps=1",
            "alignment.image_guidance=1",
            "alignment.max_grad_norm=1e-7"),
        List.of());
  }

  /** ESD-u is the same but for the weights that it trains. */
  private static Keys esd() {
    return new Keys(
        "method: esd-x\n"
            + HOUSE
            + "steps: 2\nlearning_rate: 1e-3\nnegative_guidance: 1\nstart_guidance: 3\n"
            + "sampler_steps: 3\npaper_sampler: false\nbare_prompts: false\n",
        List.of(
            OTHER_CONCEPT,
            OTHER_TEMPLATE,
            "seed=1",
            "steps=1",
            "learning_rate=2e-3",
            "negative_guidance=2",
            "start_guidance=1.5",
            "sampler_steps=4",
            "paper_sampler=true",
            "bare_prompts=true"),
        List.of(OTHER_ANCHOR));
  }

  private static Keys ac() {
    return new Keys(
        "method: ac\n"
            + HOUSE
            + "loss: model-based\nparameter_group: cross-attn\nsteps: 2\nbatch: 2\n"
            + "learning_rate: 1e-3\nweight_decay: 0.01\nmax_grad_norm: 1\nprior_weight: 1\n"
            + "images: 2\nimage_steps: 2\nimage_guidance: 3\n",
        List.of(
            OTHER_CONCEPT,
            OTHER_ANCHOR,
            OTHER_TEMPLATE,
            "seed=1",
            "loss=noise-based",
            "parameter_group=attn",
            "steps=1",
            "batch=1",
            "learning_rate=2e-3",
            "weight_decay=0.5",
            "max_grad_norm=1e-7",
            "prior_weight=0.5",
            "images=3",
            "image_steps=1",
            "image_guidance=1"),
        List.of());
  }

  private static Keys sa() {
    return new Keys(
        "method: sa\n"
            + HOUSE
            + "preserve: [family]\ntrain_method: xattn\nsteps: 2\nbatch: 1\nlearning_rate: 1e-3\n"
            + "weight_decay: 0.01\ngamma: 1\nlambda: 10\nimages: 1\nreplay_images: 2\n"
            + "image_steps: 2\nimage_guidance: 3\nfisher_timesteps: 2\nbare_prompts: false\n",
        List.of(
            OTHER_CONCEPT,
            OTHER_ANCHOR,
            OTHER_TEMPLATE,
            "preserve=[music]",
            "seed=1",
            "train_method=noxattn",
            "steps=1",
            "batch=2",
            "learning_rate=2e-3",
            "weight_decay=0.5",
            "gamma=0.5",
            "lambda=20",
            "images=2",
            "replay_images=3",
            "image_steps=1",
            "image_guidance=1",
            "fisher_timesteps=3",
            "bare_prompts=true"),
        List.of());
  }

  private static Keys mace() {
    return new Keys(
        "method: mace\n"
            + HOUSE
            + "preserve: [family]\nprompts: [\"a photo of the {}\", \"{} in the world\"]\n"
            + "refinement: {lambda: 0.5}\n"
            + "hold: {weight: 0.02, domain_weight: 1, prompts: 12, counts_as: 40, squared: false}\n"
            + "lora: {enabled: true, prompt: \"a photo of the {}\", augment: false, images: 2,"
            + " image_steps: 2, image_guidance: 3, steps: 2, rank: 1, learning_rate: 1e-2,"
            + " weight_decay: 0.01, max_grad_norm: 1, importance: true, end_tokens: false}\n"
            + "masks: {source: attention, timestep: 300, threshold: 0.3}\nfusion: {lambda: 0.5}\n",
        List.of(
            OTHER_CONCEPT,
            OTHER_ANCHOR,
            "preserve=[music]",
            "seed=1",
            "prior.captions=CAPTIONS",
            "prior.without=[another]",
            "prompts=[\"a photo of the {}\"]",
            "refinement.lambda=1",
            "hold.weight=0.04",
            "hold.domain_weight=2",
            "hold.prompts=16",
            "hold.counts_as=80",
            "hold.squared=true",
            "lora.enabled=false",
            "lora.prompt=a picture of the {}",
            "lora.augment=true",
            "lora.images=1",
            "lora.image_steps=1",
            "lora.image_guidance=1",
            "lora.steps=1",
            "lora.rank=2",
            "lora.learning_rate=2e-2",
            "lora.weight_decay=0.5",
            "lora.max_grad_norm=1e-7",
            "lora.importance=false",
            "lora.end_tokens=true",
            "masks.source=MASKS",
            "masks.timestep=500",
            "masks.threshold=0.9",
            "fusion.lambda=1"),
        List.of(OTHER_TEMPLATE));
  }

  private static Keys fmn() {
    return new Keys(
        "method: fmn\n"
            + HOUSE
            + "prompts: [\"a photo of {}\", \"{}\"]\nend_tokens: false\ntrain: attn2\nsteps: 2\n"
            + "learning_rate: 1e-3\nweight_decay: 0.01\nmax_grad_norm: 1\nimages: 2\n"
            + "image_steps: 2\nimage_guidance: 3\n",
        List.of(
            OTHER_CONCEPT,
            "seed=1",
            "prompts=[\"a photo of {}\"]",
            "end_tokens=true",
            "train=unet",
            "steps=1",
            "learning_rate=2e-3",
            "weight_decay=0.5",
            "max_grad_norm=1e-7",
            "images=3",
            "image_steps=1",
            "image_guidance=1"),
        List.of(OTHER_ANCHOR, OTHER_TEMPLATE));
  }

  private static Keys spm() {
    return new Keys(
        "method: spm\n"
            + HOUSE
            + "guide: empty\nrank: 1\nsteps: 3\nlearning_rate: 1e-2\nweight_decay: 0.01\n"
            + "warmup_steps: 0\ncycles: 1\nerase_guidance: 1\nstart_guidance: 3\n"
            + "sampler_steps: 3\nanchor_strength: 100\nanchors: 2\npaper_sampler: false\n"
            + "interleaved_anchors: false\nbare_prompts: false\n",
        List.of(
            OTHER_CONCEPT,
            OTHER_TEMPLATE,
            "seed=1",
            "guide=anchor",
            "rank=2",
            "steps=2",
            "learning_rate=2e-2",
            "weight_decay=0.5",
            "warmup_steps=1",
            "cycles=2",
            "erase_guidance=2",
            "start_guidance=1.5",
            "sampler_steps=4",
            "anchor_strength=50",
            "anchors=1",
            "paper_sampler=true",
            "interleaved_anchors=true",
            "bare_prompts=true"),
        List.of(OTHER_ANCHOR));
  }

  /**
   * A machine that loses its power asks nobody to stop. By the file's name the interrupted run of
   * another version is found.
   */
  @ParameterizedTest
  @CsvSource({
    "realera, alignment., alignment",
    "esd-x, '', training",
    "ac, '', training",
    "sa, '', fisher",
    "mace, lora., lora-0",
    "fmn, '', training",
    "spm, '', spm-0",
  })
  void aKilledRunGoesOnAfterTheLastStepThatWasToBeSaved(String method, String group, String file)
      throws IOException {
    EraseRecipe recipe =
        recipes().stream()
            .filter(keys -> keys.method().equals(method))
            .findFirst()
            .orElseThrow()
            .recipe(group + "steps=4", group + "checkpoint_every=2");
    Stage stage = method.equals("realera") ? Stage.ALIGNMENT : Stage.TRAINING;
    Path state = folder("state");
    RecordingRun killed = new RecordingRun(state).stopIn(stage, 3);
    assertThatThrownBy(() -> Methods.of(recipe.method()).erase(model, recipe, killed, scope))
        .isInstanceOf(RecordingRun.Stopped.class);
    assertThat(state.resolve(file + ".safetensors")).isRegularFile();
    RecordingRun next = new RecordingRun(state);
    Methods.of(recipe.method()).erase(model, recipe, next, scope);
    assertThat(next.done.get(stage)).containsExactly(3L, 4L);
  }

  @Override
  List<Keys> recipes() {
    return List.of(realera(), esd(), ac(), sa(), mace(), fmn(), spm());
  }

  @Override
  boolean tries(String method, String key) {
    return !method.equals("realera") || key.startsWith("alignment.");
  }
}

package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;

/** What each method says that it would do: {@code --dry-run} shows it, and users budget by it. */
class PlansTest {
  private static final String ONE = "concepts: [{concept: cat, anchor: dog}]\n";
  private static final String TWO =
      "concepts: [{concept: cat, anchor: dog}, {concept: ship, anchor: sea}]\n";

  /** Of one anchor. */
  private static final String SHARED =
      "concepts: [{concept: cat, anchor: dog}, {concept: cow, anchor: dog},"
          + " {concept: ship, anchor: sea}]\n";

  /** What SPM does in the end. */
  private static final String MERGED =
      "add all adapters to the weights, and keep them in spm.safetensors; SPM's facilitated"
          + " transport weighs the adapters anew for each prompt that is drawn; merged weights hold"
          + " them at 1, so that other concepts change more than in the paper: generate and eval"
          + " draw with transport by --spm spm.safetensors and the original model";

  /** A recipe, and the plan of it. */
  record Case(String recipe, List<String> plan) {
    @Override
    public String toString() {
      return recipe.replace('\n', ' ');
    }
  }

  private static Case of(String recipe, String... plan) {
    return new Case(recipe, List.of(plan));
  }

  static Stream<Case> cases() {
    return Stream.of(
        of(
            ONE
                + "templates: [\"a {}\"]\n"
                + "mining: {samples: 5, words: 1}\n"
                + "beyond: {samples: 1}\n"
                + "closed_form: {prior_prompts: 7}\n"
                + "alignment: {steps: 9, rank: 2, learning_rate: 1e-3, batch: 2, images: 3,"
                + " image_steps: 5, image_guidance: 2}\n",
            "encode 1 prompt of the concept and as many of the anchor",
            "mine 5 neighbors, up to 1 word of the vocabulary, draw 1 beyond-concept point",
            "solve the closed form with a ridge of 0.1, holding prefix rows, a prior of 7 prompts",
            "align predicted noise: 9 steps of LoRA rank 2, learning rate 0.001",
            // 3 images of 5 steps with and without the prompt; 5 odd steps of one term, 4 even
            // ones
            // of two
            cost(56, 26)),
        of(
            TWO
                + "templates: [\"a {}\", \"the {}\", \"{}\"]\nmining: {samples: 5, words: 4}\n"
                + "beyond: {samples: 2}\npreserve: [cow]\nalignment: {enabled: false}\n"
                + "closed_form: {sums: expected, prior_weight: 0, prefix_weight: 0}\n",
            "encode 6 prompts of the concept and as many of the anchor",
            "average over 30 neighbors, up to 8 words of the vocabulary, average over 12"
                + " beyond-concept points",
            "solve the closed form with a ridge of 0.1, holding 1 preserved concept",
            "no noise alignment"),
        of(
            SHARED
                + "templates: [\"a {}\"]\nmining: {enabled: false}\nbeyond: {enabled: false}\n"
                + "closed_form: {mu: 0, prior_weight: 0, prefix_weight: 0}\nalignment: {steps: 2,"
                + " rank: 1, learning_rate: 1e-3, images: 3, image_steps: 5, image_guidance: 1}\n",
            "encode 3 prompts of the concept and as many of the anchor",
            "no mining, no beyond-concept points",
            "solve the closed form",
            "align predicted noise: 2 steps of LoRA rank 1, learning rate 0.001",
            // 3 images of the dog and 3 of the sea
            cost(32, 2)),
        of(
            ONE
                + "templates: [\"a {}\"]\n"
                + "mining: {enabled: false}\n"
                + "beyond: {enabled: false}\n"
                + "closed_form: {mu: 0, prior_weight: 0, prefix_weight: 0}\n"
                + "alignment: {steps: 2, rank: 1, learning_rate: 1e-3, images: 1, image_steps: 5,"
                + " image_guidance: 1}\n",
            "encode 1 prompt of the concept and as many of the anchor",
            "no mining, no beyond-concept points",
            "solve the closed form",
            "align predicted noise: 2 steps of LoRA rank 1, learning rate 0.001",
            cost(7, 2)),
        of(
            "method: uce\n" + ONE + "expand_prompts: [\"a {}\"]\npreserve: [cow]\n",
            "encode 2 texts and their guides",
            "solve UCE's eq. 7 once, holding the last token of 1 preserved"),
        of(
            "method: uce\n" + ONE + "expand_prompts: []\n",
            "encode 1 text and its guide",
            "solve UCE's eq. 7 once, holding the last token of 0 preserved"),
        of(
            "method: uce-2023\n" + TWO + "expand_prompts: []\npreserve: [cow, pig]\n",
            "encode 2 texts and their guides",
            "solve UCE's eq. 7 once, holding every row of the empty text and 2 preserved"),
        of(
            "method: rece\n" + ONE + "epochs: 1\n",
            "encode 1 text and its guide",
            "solve UCE's eq. 7 once",
            "attack in closed form and solve again, once"),
        of(
            "method: rece\n" + ONE + "epochs: 3\n",
            "encode 1 text and its guide",
            "solve UCE's eq. 7 once",
            "attack in closed form and solve again, 3 times"),
        of(
            "method: speed\n" + ONE + "prior_prompts: 7\npreserve: [cow]\n",
            "encode 1 text and its guide",
            "retain 1 preserved and up to 7 texts of the prior",
            "solve the values of each layer on the null space of what it retains"),
        of(
            "method: speed\n" + ONE + "prior_prompts: 0\npreserve: [cow]\n",
            "encode 1 text and its guide",
            "retain 1 preserved",
            "solve the values of each layer on the null space of what it retains"),
        of(
            "method: oce\n" + ONE + "expand_prompts: []\nprior_scale: 1\nprior_prompts: 7\n",
            "encode 1 text and its guide",
            "hold up to 7 texts of the prior and 0 preserved",
            "turn the values of each layer"),
        of(
            "method: oce\n" + ONE + "expand_prompts: []\nprior_scale: 0\npreserve: [cow]\n",
            "encode 1 text and its guide",
            "hold 1 preserved",
            "turn the values of each layer"),
        of(
            "method: mace\n"
                + TWO
                + "prompts: [\"a {}\", \"the {}\", \"one {}\"]\nlora: {images: 3, image_steps: 5,"
                + " image_guidance: 1.5, rank: 2, steps: 4, learning_rate: 1e-3}\n",
            "refine keys and values of the cross-attention in closed form by 6 prompts",
            "draw 6 pictures of the concept, find it there by the model's own attention",
            "train 2 adapters of rank 2: 4 steps each, learning rate 0.001",
            "fuse them in closed form",
            // 6 images of 5 steps with and without the prompt, and once for the masks
            cost(66, 8)),
        of(
            "method: mace\n"
                + ONE
                + "prompts: [\"a {}\"]\nmasks: {source: some/masks}\nlora: {images: 3,"
                + " image_steps: 5, image_guidance: 1, rank: 1, steps: 1, learning_rate: 1e-3}\n",
            "refine keys and values of the cross-attention in closed form by 1 prompt",
            "draw 3 pictures of the concept, find it there by the masks in some/masks",
            "train 1 adapter of rank 1: 1 step each, learning rate 0.001",
            "fuse them in closed form",
            cost(15, 1)),
        of(
            "method: mace\n" + ONE + "prompts: [\"a {}\"]\nlora: {enabled: false}\n",
            "refine keys and values of the cross-attention in closed form by 1 prompt"),
        of(
            "method: esd-x\n" + ONE + "steps: 5\nsampler_steps: 4\nlearning_rate: 1e-3\n",
            "encode the concept's prompts and the empty one; the anchor has no part",
            "train the cross-attention: 5 steps of Adam, learning rate 0.001",
            // on average half of the 3 steps before the last, each with and without the prompt; two
            // by
            // the original
            cost(25, 5)),
        of(
            "method: ac\n"
                + TWO
                + "images: 3\nimage_steps: 5\nimage_guidance: 2\nsteps: 7\nbatch: 2\n"
                + "learning_rate: 1e-3\nprior_weight: 1\nloss: model-based\n",
            "draw 6 pictures of the anchor",
            "train keys and values of the cross-attention, the model its own teacher:"
                + " 7 steps of 2 latents, learning rate 0.001",
            cost(74, 28)),
        of(
            "method: ac\n"
                + ONE
                + "images: 3\nimage_steps: 5\nimage_guidance: 1\nsteps: 7\nbatch: 1\n"
                + "learning_rate: 1e-3\nprior_weight: 0\nloss: noise-based\n"
                + "parameter_group: attn\n",
            "draw 3 pictures of the anchor",
            "train every attention, on the noise of these pictures:"
                + " 7 steps of 1 latent, learning rate 0.001",
            cost(15, 7)),
        of(
            "method: ac\n"
                + SHARED
                + "images: 3\nimage_steps: 5\nimage_guidance: 1\nsteps: 7\nbatch: 1\n"
                + "learning_rate: 1e-3\nprior_weight: 0\nloss: noise-based\n",
            "draw 6 pictures of the anchor",
            "train keys and values of the cross-attention, on the noise of these pictures:"
                + " 7 steps of 1 latent, learning rate 0.001",
            cost(30, 7)),
        of(
            "method: spm\n"
                + TWO
                + "steps: 5\nrank: 2\nlearning_rate: 1e-3\nsampler_steps: 4\nanchors: 3\n"
                + "anchor_strength: 10\nguide: anchor\n",
            "encode the concepts' prompts and their anchors'",
            "train for each concept an adapter of rank 2 on every layer of the transformers:"
                + " 5 steps of AdamW, learning rate 0.001",
            MERGED,
            cost(90, 40)),
        of(
            "method: spm\n"
                + ONE
                + "steps: 5\nrank: 1\nlearning_rate: 1e-3\nsampler_steps: 4\nanchors: 3\n"
                + "anchor_strength: 0\nguide: empty\n",
            "encode the concepts' prompts and the empty one; the anchor has no part",
            "train for each concept an adapter of rank 1 on every layer of the transformers:"
                + " 5 steps of AdamW, learning rate 0.001",
            MERGED,
            cost(30, 5)),
        of(
            "method: fmn\n"
                + TWO
                + "images: 3\nimage_steps: 5\nimage_guidance: 2\nsteps: 7\nlearning_rate: 1e-3\n"
                + "train: unet\n",
            "draw 6 pictures of the concept; the anchor has no part",
            "train the whole U-Net: 14 steps, learning rate 0.001",
            cost(60, 14)),
        of(
            "method: fmn\n"
                + ONE
                + "images: 1\nimage_steps: 5\nimage_guidance: 1\nsteps: 1\nlearning_rate: 1e-3\n"
                + "train: attn2\n",
            "draw 1 picture of the concept; the anchor has no part",
            "train the cross-attention: 1 step, learning rate 0.001",
            cost(5, 1)),
        of(
            "method: sa\n"
                + TWO
                + "images: 3\nreplay_images: 4\nimage_steps: 5\nimage_guidance: 2\n"
                + "fisher_timesteps: 6\nsteps: 7\nbatch: 2\nlearning_rate: 1e-3\n",
            "draw 6 pictures of the anchor and 4 pictures of other words",
            "measure the Fisher information: 6 noise levels of each of the latter",
            "train (full): 7 steps of 4 latents, learning rate 0.001",
            // 10 images of 5 steps with and without the prompt; 4 at 6 levels, 7 steps of 4
            cost(100, 52)),
        of(
            "method: sa\n"
                + SHARED
                + "images: 3\nreplay_images: 4\nimage_steps: 5\nimage_guidance: 2\n"
                + "fisher_timesteps: 6\nsteps: 7\nbatch: 2\nlearning_rate: 1e-3\nlambda: 0\n",
            "draw 6 pictures of the anchor and 4 pictures of other words",
            "train (full): 7 steps of 4 latents, learning rate 0.001",
            cost(100, 28)),
        of(
            "method: sa\n"
                + ONE
                + "images: 3\nreplay_images: 4\nimage_steps: 5\nimage_guidance: 2\n"
                + "fisher_timesteps: 6\nsteps: 7\nbatch: 2\nlearning_rate: 1e-3\ngamma: 0\n",
            "draw 3 pictures of the anchor and 4 pictures of other words",
            "measure the Fisher information: 6 noise levels of each of the latter",
            "train (full): 7 steps of 2 latents, learning rate 0.001",
            cost(70, 38)),
        of(
            "method: sa\n"
                + ONE
                + "images: 3\nreplay_images: 4\nimage_steps: 5\nimage_guidance: 2\n"
                + "fisher_timesteps: 6\nsteps: 7\nbatch: 2\nlearning_rate: 1e-3\n"
                + "gamma: 0\nlambda: 0\n",
            "draw 3 pictures of the anchor",
            "train (full): 7 steps of 2 latents, learning rate 0.001",
            cost(30, 14)));
  }

  private static String cost(long forward, long backward) {
    return "its cost: about "
        + forward
        + " passes of a latent through the U-Net, and "
        + backward
        + " with gradients";
  }

  @ParameterizedTest
  @MethodSource("cases")
  void thePlanCountsWhatWillBeDone(Case of) {
    EraseRecipe recipe = RecipeReader.parse("a test", of.recipe());
    assertThat(Methods.of(recipe.method()).plan(recipe)).isEqualTo(of.plan());
  }

  /** Where only changes are written, the rest of the model is read only if it has a part. */
  @ParameterizedTest
  @CsvSource({
    "realera, false",
    "uce, true",
    "uce-2023, true",
    "rece, true",
    "speed, true",
    "oce, true",
    "mace, false",
    "esd-x, false",
    "esd-u, false",
    "ac, false",
    "spm, false",
    "fmn, false",
    "sa, false"
  })
  void closedFormsReadTheTextEncoderAndTheCrossAttention(String method, boolean closed) {
    EraseRecipe recipe = RecipeReader.parse("a test", "method: " + method + "\n" + ONE);
    assertThat(Methods.of(recipe.method()).isClosedForm(recipe)).isEqualTo(closed);
  }

  @Test
  void withoutItsTrainingAMethodIsAClosedForm() {
    EraseRecipe realera = RecipeReader.parse("a test", ONE).with("alignment.enabled", false);
    assertThat(Methods.of(realera.method()).isClosedForm(realera)).isTrue();
    EraseRecipe mace =
        RecipeReader.parse("a test", "method: mace\n" + ONE + "lora: {enabled: false}\n");
    assertThat(Methods.of(mace.method()).isClosedForm(mace)).isTrue();
  }
}

package org.realera.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.files.Json;

/**
 * What papers and public code say that a method is run with, written down from them and not from
 * the recipes. {@code src/docs/methods.md} says what ours have otherwise.
 */
class PublishedSettingsTest {

  private static JsonNode value(JsonNode recipe, String key) {
    return recipe.at("/" + key.replace('.', '/'));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          # UCE: trainscripts/uce_sd_erase.py at commit 28c81ed
          uce      | object    | erase_scale            | 1
          uce      | object    | preserve_scale         | 1
          uce      | object    | lamb                   | 0.5
          # train-scripts/train_erase.py at commit bd5fb51: 0 stands for max(0.1, 1 / texts)
          uce-2023 | object    | erase_scale            | 1
          uce-2023 | object    | preserve_scale         | 0
          uce-2023 | object    | lamb                   | 0.5
          # RECE: README, train_object.py and scripts/nudity.sh at commit 403a67f
          rece     | object    | epochs                 | 1
          rece     | object    | regular_scale          | 1e-3
          rece     | object    | erase_scale            | 1
          rece     | object    | preserve_scale         | 0.1
          rece     | object    | lamb                   | 0.1
          rece     | style     | epochs                 | 1
          rece     | style     | regular_scale          | 1e-3
          rece     | explicit  | epochs                 | 3
          rece     | explicit  | regular_scale          | 0.1
          # SPEED: train_erase_null.py, scripts/eval_few.sh, eval_multi.sh and eval_nudity.sh at 6d3df0c
          speed    | object    | params                 | v
          speed    | object    | aug_num                | 10
          speed    | object    | disable_filter         | false
          speed    | object    | threshold              | 1e-1
          speed    | object    | retain_scale           | 1.0
          speed    | object    | lamb                   | 0
          speed    | object    | all_tokens             | false
          speed    | celebrity | disable_filter         | true
          speed    | celebrity | threshold              | 1e-4
          speed    | celebrity | retain_scale           | 0.05
          speed    | celebrity | lamb                   | 0
          speed    | explicit  | retain_scale           | 0.7
          speed    | explicit  | lamb                   | 0.5
          speed    | explicit  | all_tokens             | true
          # OCE: the scripts of HansSunY/OCE at 2609f3e, of those for people celeb_10.sh
          oce      | object    | erase_scale            | 2000
          oce      | object    | prior_scale            | 10
          oce      | object    | preserve_scale         | 0
          oce      | object    | lamb                   | 10
          oce      | celebrity | erase_scale            | 3500
          oce      | celebrity | prior_scale            | 50
          oce      | celebrity | preserve_scale         | 5
          oce      | celebrity | lamb                   | 10
          oce      | style     | erase_scale            | 500
          oce      | style     | prior_scale            | 10
          oce      | style     | preserve_scale         | 1
          oce      | style     | lamb                   | 10
          oce      | explicit  | erase_scale            | 3000
          oce      | explicit  | prior_scale            | 20
          oce      | explicit  | preserve_scale         | 0
          oce      | explicit  | lamb                   | 10
          # ESD: the paper, and train-esd.py at commit a2189e9
          esd-x    | object    | steps                  | 1000
          esd-x    | object    | learning_rate          | 1e-5
          esd-x    | object    | negative_guidance      | 1
          esd-x    | object    | start_guidance         | 3
          esd-x    | object    | sampler_steps          | 50
          esd-x    | object    | bare_prompts           | true
          esd-x    | style     | learning_rate          | 1e-5
          esd-u    | object    | steps                  | 1000
          esd-u    | object    | learning_rate          | 1e-5
          esd-u    | object    | negative_guidance      | 1
          esd-u    | object    | start_guidance         | 3
          esd-u    | object    | sampler_steps          | 50
          esd-u    | object    | bare_prompts           | true
          esd-u    | explicit  | learning_rate          | 1e-5
          # Concept ablation: nupurkmr9/concept-ablation at c11fb1b, two GPUs with 4 latents each. The rate is 2e-6 a latent
          # (nudity: 4e-6), 1.6e-5 (3.2e-5) for 8, and twice that with the prior's latents beside them.
          ac       | object    | loss                   | model-based
          ac       | object    | parameter_group        | cross-attn
          ac       | object    | steps                  | 100
          ac       | object    | batch                  | 8
          ac       | object    | learning_rate          | 3.2e-5
          ac       | object    | weight_decay           | 1e-2
          ac       | object    | max_grad_norm          | 1
          ac       | object    | prior_weight           | 1
          ac       | object    | images                 | 1000
          ac       | object    | image_steps            | 25
          ac       | object    | image_guidance         | 6
          ac       | style     | steps                  | 100
          ac       | style     | learning_rate          | 1.6e-5
          ac       | style     | prior_weight           | 0
          ac       | explicit  | parameter_group        | attn
          ac       | explicit  | steps                  | 400
          ac       | explicit  | learning_rate          | 6.4e-5
          ac       | explicit  | max_grad_norm          | 1
          ac       | explicit  | prior_weight           | 1
          # Selective amnesia: clear-nus/selective-amnesia at b736571, four GPUs with 4 latents each. 200 epochs (nudity: 500)
          # of 1000 pictures; 1e-5 a latent
          sa       | object    | train_method           | full
          sa       | object    | steps                  | 12500
          sa       | object    | batch                  | 16
          sa       | object    | learning_rate          | 1.6e-4
          sa       | object    | gamma                  | 1
          sa       | object    | lambda                 | 50
          sa       | object    | images                 | 1000
          sa       | object    | replay_images          | 5000
          sa       | object    | image_steps            | 50
          sa       | object    | image_guidance         | 7.5
          sa       | object    | fisher_timesteps       | 1000
          sa       | explicit  | train_method           | noxattn
          sa       | explicit  | steps                  | 31250
          sa       | explicit  | lambda                 | 50
          # MACE: the configurations of Shilin-LU/MACE at 057e7a6; lambda of the three for objects is 1000, 100 and 10
          mace     | object    | refinement.lambda      | 1e2
          mace     | object    | fusion.lambda          | 1e2
          mace     | object    | hold.weight            | 0
          mace     | object    | hold.domain_weight     | 0
          mace     | object    | lora.images            | 8
          mace     | object    | lora.image_steps       | 30
          mace     | object    | lora.image_guidance    | 7.5
          mace     | object    | lora.steps             | 50
          mace     | object    | lora.rank              | 1
          mace     | object    | lora.learning_rate     | 1e-5
          mace     | object    | lora.weight_decay      | 0.01
          mace     | object    | lora.max_grad_norm     | 1
          mace     | object    | lora.augment           | true
          mace     | object    | lora.importance        | true
          mace     | object    | lora.end_tokens        | true
          mace     | object    | masks.threshold        | 0.3
          mace     | celebrity | refinement.lambda      | 0
          mace     | celebrity | fusion.lambda          | 0
          mace     | celebrity | hold.weight            | 1e-4
          mace     | celebrity | hold.domain_weight     | 8e3
          mace     | celebrity | lora.steps             | 50
          mace     | celebrity | lora.learning_rate     | 1e-4
          mace     | celebrity | lora.importance        | true
          mace     | style     | refinement.lambda      | 0
          mace     | style     | fusion.lambda          | 0
          mace     | style     | hold.weight            | 1e-4
          mace     | style     | hold.domain_weight     | 8e4
          mace     | style     | lora.steps             | 50
          mace     | style     | lora.learning_rate     | 1e-4
          mace     | style     | lora.prompt            | a photo in the style of {}
          mace     | explicit  | refinement.lambda      | 0
          mace     | explicit  | fusion.lambda          | 0
          mace     | explicit  | hold.weight            | 7e-7
          mace     | explicit  | hold.domain_weight     | 0
          mace     | explicit  | lora.steps             | 120
          mace     | explicit  | lora.learning_rate     | 1e-5
          mace     | explicit  | lora.importance        | false
          # Forget-Me-Not: SHI-Labs/Forget-Me-Not at a4a81e8
          fmn      | object    | train                  | unet
          fmn      | object    | steps                  | 35
          fmn      | object    | learning_rate          | 2e-6
          fmn      | object    | weight_decay           | 0.01
          fmn      | style     | steps                  | 35
          fmn      | style     | learning_rate          | 2e-6
          # SPM: configs of Con6924/SPM at 3dd762e, one for all kinds
          spm      | object    | guide                  | empty
          spm      | object    | rank                   | 1
          spm      | object    | steps                  | 3000
          spm      | object    | learning_rate          | 1e-4
          spm      | object    | warmup_steps           | 500
          spm      | object    | cycles                 | 3
          spm      | object    | erase_guidance         | 1
          spm      | object    | start_guidance         | 3
          spm      | object    | sampler_steps          | 30
          spm      | object    | anchor_strength        | 1000
          spm      | object    | anchors                | 4
          spm      | style     | steps                  | 3000
          spm      | celebrity | anchor_strength        | 1000
          spm      | explicit  | learning_rate          | 1e-4
          """)
  void aRecipeHasThePublishedValue(String method, String kind, String key, String published) {
    EraseRecipe recipe = RecipeReader.builtIn(kind, MethodName.of(method), List.of());
    JsonNode found = value(Json.tree(RecipeWriter.toTree(recipe)), key);
    if (found.isNumber()) {
      assertThat(found.asDouble()).isCloseTo(Double.parseDouble(published), within(1e-12));
    } else {
      assertThat(found.asText()).isEqualTo(published);
    }
  }

  /** UCE's {@code --add_prompts} of 2023, {@code --expand_prompts} of 2025; OCE took them over. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          oce | object   | image of {}, photo of {}, portrait of {}, picture of {}, painting of {}
          oce | explicit | image of {}, photo of {}, portrait of {}, picture of {}, painting of {}
          oce | style    | painting by {}, art by {}, artwork by {}, picture by {}, style of {}
          uce | style    | painting by {}, art by {}, artwork by {}, picture by {}, style of {}
          """)
  void theTemplatesBesideTheBareWordAreThePublishedOnes(
      String method, String kind, String published) {
    EraseRecipe recipe = RecipeReader.builtIn(kind, MethodName.of(method), List.of());
    JsonNode found = value(Json.tree(RecipeWriter.toTree(recipe)), "expand_prompts");
    assertThat(found).extracting(JsonNode::asText).containsExactly(published.split(", "));
  }
}

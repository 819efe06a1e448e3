package org.realera.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a recipe with every key, always in the same order; {@link RecipeReader} reads it back to
 * an equal recipe.
 */
public final class RecipeWriter {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
          .disable(YAMLGenerator.Feature.SPLIT_LINES)
          .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
          .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
          .build();

  private RecipeWriter() {}

  /** The recipe as YAML, ended by a newline; for {@code --dry-run}. */
  public static String toYaml(EraseRecipe recipe) {
    try {
      return YAML.writeValueAsString(toTree(recipe));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a recipe holds only texts and numbers", e);
    }
  }

  /** The recipe as ordered maps, lists, texts, numbers and booleans; for the manifest. */
  public static Map<String, Object> toTree(EraseRecipe recipe) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("concepts", recipe.concepts().stream().map(RecipeWriter::pair).toList());
    tree.put("templates", List.copyOf(recipe.templates()));
    tree.put("preserve", List.copyOf(recipe.preserve()));
    tree.put("seed", recipe.seed());
    tree.put("mining", mining(recipe.mining()));
    tree.put("beyond", beyond(recipe.beyond()));
    tree.put("closed_form", closedForm(recipe.closedForm()));
    tree.put("alignment", alignment(recipe.alignment()));
    tree.put("report", report(recipe.report()));
    return tree;
  }

  private static Map<String, Object> pair(ConceptPair pair) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("concept", pair.concept());
    tree.put("anchor", pair.anchor());
    return tree;
  }

  private static Map<String, Object> mining(MiningSettings settings) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("enabled", settings.enabled());
    tree.put("samples", settings.samples());
    tree.put("d1", settings.d1());
    tree.put("d1_anchor", settings.d1Anchor());
    tree.put("s1", settings.s1());
    tree.put("s2", settings.s2());
    return tree;
  }

  private static Map<String, Object> beyond(BeyondSettings settings) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("enabled", settings.enabled());
    tree.put("samples", settings.samples());
    tree.put("d2", settings.d2());
    return tree;
  }

  private static Map<String, Object> closedForm(ClosedFormSettings settings) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("lambda1", settings.lambda1());
    tree.put("mu", settings.mu());
    tree.put("prefix_weight", settings.prefixWeight());
    tree.put("prior_weight", settings.priorWeight());
    tree.put("prior_prompts", settings.priorPrompts());
    tree.put("prior_leave_out", settings.priorLeaveOut());
    tree.put("preserve_weight", settings.preserveWeight());
    return tree;
  }

  private static Map<String, Object> alignment(AlignmentSettings settings) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("enabled", settings.enabled());
    tree.put("steps", settings.steps());
    tree.put("batch", settings.batch());
    tree.put("learning_rate", settings.learningRate());
    tree.put("weight_decay", settings.weightDecay());
    tree.put("rank", settings.rank());
    tree.put("alpha", settings.alpha());
    tree.put("targets", List.copyOf(settings.targets()));
    tree.put("gamma1", settings.gamma1());
    tree.put("gamma2", settings.gamma2());
    tree.put("images", settings.images());
    tree.put("image_steps", settings.imageSteps());
    tree.put("image_guidance", settings.imageGuidance());
    tree.put("max_grad_norm", settings.maxGradNorm());
    tree.put("checkpoint_every", settings.checkpointEvery());
    return tree;
  }

  private static Map<String, Object> report(ReportSettings settings) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("pictures", settings.pictures().key());
    tree.put("seeds", settings.seeds());
    tree.put("steps", settings.steps());
    tree.put("guidance", settings.guidance());
    tree.put("neighbors", List.copyOf(settings.neighbors()));
    tree.put("kept", List.copyOf(settings.kept()));
    return tree;
  }
}

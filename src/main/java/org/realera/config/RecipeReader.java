package org.realera.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/**
 * Reads a recipe from YAML. Keys that are absent have the value of {@link EraseRecipe#DEFAULT};
 * keys that are unknown, stand twice or hold the wrong kind of value are errors with file and line.
 */
public final class RecipeReader {
  private RecipeReader() {}

  /**
   * Reads a recipe file.
   *
   * @throws RealeraException (not found) if there is no such file; (usage) if it is not a recipe
   */
  public static EraseRecipe read(Path file) {
    if (Files.isDirectory(file)) {
      throw RealeraException.usage(file + " is a folder, not a recipe", "give a recipe in YAML");
    }
    try {
      return parse(file.toString(), Files.readString(file));
    } catch (NoSuchFileException e) {
      throw new RealeraException(
          Kind.NOT_FOUND,
          "no recipe at " + file,
          "see configs/erase/ for those that come along",
          e);
    } catch (MalformedInputException e) {
      throw new RealeraException(
          Kind.USAGE, file + " is not a UTF-8 text file", "give a recipe in YAML", e);
    } catch (IOException e) {
      throw new RealeraException(
          Kind.FAILED, "could not read " + file + ": " + e, "check the file and its rights", e);
    }
  }

  /**
   * Reads a recipe from a text.
   *
   * @param name what to call the text in errors
   * @throws RealeraException (usage) if it is not a recipe
   */
  public static EraseRecipe parse(String name, String yaml) {
    RecipeSection root = RecipeSection.root(name, parseYaml(name, yaml));
    try {
      return recipe(root);
    } catch (RealeraException e) {
      throw String.valueOf(e.getMessage()).startsWith(name) ? e : root.located(e);
    }
  }

  private static YamlNode parseYaml(String name, String yaml) {
    try {
      return YamlNode.parse(yaml);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      String what = String.valueOf(e.getOriginalMessage()).lines().findFirst().orElse("not YAML");
      throw new RealeraException(
          Kind.USAGE,
          name + ", line " + line + ": " + what.replace("Duplicate field", "duplicate key"),
          "see configs/erase/object.yaml for an example of every key",
          e);
    } catch (IOException e) {
      throw new IllegalStateException("reading from a string", e);
    }
  }

  private static EraseRecipe recipe(RecipeSection root) {
    EraseRecipe standard = EraseRecipe.DEFAULT;
    EraseRecipe recipe =
        new EraseRecipe(
            root.pairs("concepts", standard.concepts()),
            root.texts("templates", standard.templates()),
            root.texts("preserve", standard.preserve()),
            root.integer("seed", standard.seed()),
            mining(root.section("mining"), standard.mining()),
            beyond(root.section("beyond"), standard.beyond()),
            closedForm(root.section("closed_form"), standard.closedForm()),
            alignment(root.section("alignment"), standard.alignment()),
            report(root.section("report"), standard.report()));
    root.finish();
    return recipe;
  }

  private static MiningSettings mining(RecipeSection section, MiningSettings standard) {
    boolean enabled = section.flag("enabled", standard.enabled());
    int samples = section.integer("samples", standard.samples());
    double d1 = section.number("d1", standard.d1());
    double d1Anchor = section.number("d1_anchor", standard.d1Anchor());
    double s1 = section.number("s1", standard.s1());
    double s2 = section.number("s2", standard.s2());
    section.finish();
    return new MiningSettings(enabled, samples, d1, d1Anchor, s1, s2);
  }

  private static BeyondSettings beyond(RecipeSection section, BeyondSettings standard) {
    boolean enabled = section.flag("enabled", standard.enabled());
    int samples = section.integer("samples", standard.samples());
    double d2 = section.number("d2", standard.d2());
    section.finish();
    return new BeyondSettings(enabled, samples, d2);
  }

  private static ClosedFormSettings closedForm(RecipeSection section, ClosedFormSettings standard) {
    double lambda1 = section.number("lambda1", standard.lambda1());
    double mu = section.number("mu", standard.mu());
    double prefixWeight = section.number("prefix_weight", standard.prefixWeight());
    double priorWeight = section.number("prior_weight", standard.priorWeight());
    int priorPrompts = section.integer("prior_prompts", standard.priorPrompts());
    double priorLeaveOut = section.number("prior_leave_out", standard.priorLeaveOut());
    double preserveWeight = section.number("preserve_weight", standard.preserveWeight());
    section.finish();
    return new ClosedFormSettings(
        lambda1, mu, prefixWeight, priorWeight, priorPrompts, priorLeaveOut, preserveWeight);
  }

  private static AlignmentSettings alignment(RecipeSection section, AlignmentSettings standard) {
    boolean enabled = section.flag("enabled", standard.enabled());
    int steps = section.integer("steps", standard.steps());
    int batch = section.integer("batch", standard.batch());
    double learningRate = section.number("learning_rate", standard.learningRate());
    double weightDecay = section.number("weight_decay", standard.weightDecay());
    int rank = section.integer("rank", standard.rank());
    double alpha = section.number("alpha", standard.alpha());
    var targets = section.texts("targets", standard.targets());
    double gamma1 = section.number("gamma1", standard.gamma1());
    double gamma2 = section.number("gamma2", standard.gamma2());
    int images = section.integer("images", standard.images());
    int imageSteps = section.integer("image_steps", standard.imageSteps());
    double imageGuidance = section.number("image_guidance", standard.imageGuidance());
    double maxGradNorm = section.number("max_grad_norm", standard.maxGradNorm());
    int checkpointEvery = section.integer("checkpoint_every", standard.checkpointEvery());
    section.finish();
    return new AlignmentSettings(
        enabled,
        steps,
        batch,
        learningRate,
        weightDecay,
        rank,
        alpha,
        targets,
        gamma1,
        gamma2,
        images,
        imageSteps,
        imageGuidance,
        maxGradNorm,
        checkpointEvery);
  }

  private static ReportSettings report(RecipeSection section, ReportSettings standard) {
    var pictures = section.choice("pictures", standard.pictures(), ReportSettings.Pictures.class);
    int seeds = section.integer("seeds", standard.seeds());
    int steps = section.integer("steps", standard.steps());
    double guidance = section.number("guidance", standard.guidance());
    var neighbors = section.texts("neighbors", standard.neighbors());
    var kept = section.texts("kept", standard.kept());
    section.finish();
    return new ReportSettings(pictures, seeds, steps, guidance, neighbors, kept);
  }
}

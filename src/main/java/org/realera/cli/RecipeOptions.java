package org.realera.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.files.BasicNormalizer;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What to erase and how: the options that override the recipe, and the recipe they override. */
final class RecipeOptions {
  @Option(
      names = {"-c", "--concept"},
      paramLabel = "TEXT[=ANCHOR]",
      converter = NameText.class,
      description = {
        "What to erase, e.g. airplane or \"Tom Cruise\"; repeats.",
        "airplane=sky names its anchor, too."
      },
      order = 2)
  private List<String> concepts = new ArrayList<>();

  @Option(
      names = "--concept-file",
      paramLabel = "FILE",
      description = "Concepts from a text file, one TEXT or TEXT=ANCHOR a line.",
      order = 2)
  private @Nullable Path conceptFile;

  @Option(
      names = {"-a", "--anchor"},
      paramLabel = "TEXT",
      converter = NameText.class,
      description =
          "What to draw in its place, e.g. sky: once for all concepts, or once for each that has"
              + " none, in order.",
      order = 3)
  private List<String> anchors = new ArrayList<>();

  @Mixin private MethodOption method = new MethodOption();

  @Option(
      names = {"--config", "--recipe"},
      paramLabel = "FILE|NAME",
      completionCandidates = CompletionWords.RecipeNames.class,
      description =
          "The recipe: a YAML file, or one of object, celebrity, style, explicit, pocket. Default:"
              + " the model's, else object. Options win over it.",
      order = 5)
  private @Nullable String config;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Decides every random draw. Default: 0.",
      order = 6)
  private @Nullable Long seed;

  @Option(
      names = "--preserve",
      paramLabel = "TEXT",
      converter = NameText.class,
      description =
          "A concept to keep as it is; repeats. Of realera the closed form holds it, the alignment"
              + " does not.",
      order = 7)
  private List<String> preserve = new ArrayList<>();

  @Option(
      names = "--preserve-file",
      paramLabel = "FILE",
      description = "Concepts to keep from a text file, one a line.",
      order = 7)
  private @Nullable Path preserveFile;

  @Option(
      names = "--prior-captions",
      paramLabel = "FILE",
      description =
          "Captions that a method holds as real text: COCO's captions_*.json, or one a line."
              + " Default: words of the model's vocabulary.",
      order = 8)
  private @Nullable Path priorCaptions;

  @Option(
      names = "--masks",
      paramLabel = "DIR",
      description =
          "Of mace: masks of the concept's pictures, CONCEPT-1.png and so on, white where it is."
              + " Default: the model's own attention.",
      order = 24)
  private @Nullable Path masks;

  @Option(
      names = "--no-mining",
      description = "Erase the concept alone, not its neighbors.",
      order = 20)
  private boolean noMining;

  @Option(names = "--no-beyond", description = "Hold nothing beyond the erasing range.", order = 21)
  private boolean noBeyond;

  @Option(
      names = "--no-alignment",
      description = "Closed form only: no training, much faster.",
      order = 22)
  private boolean noAlignment;

  @Option(
      names = "--paper",
      description =
          "The closed form as published, but for the ridge mu and --preserve: points are drawn, and"
              + " named neighbors, prefix rows and text prior have no part.",
      order = 23)
  private boolean paper;

  @Mixin private Settings settings = new Settings();

  /** Where a recipe comes from, for people: a file, or the name of one that is built in. */
  String source(String standard) {
    return config == null ? standard : config;
  }

  /**
   * The recipe that the command line asks for.
   *
   * @param standard the built-in recipe to start from where no {@code --config} is given
   * @throws RealeraException (usage, not found) naming the option or the line of the recipe
   */
  EraseRecipe recipe(String standard) {
    return recipe(Recipes.named(source(standard), method.name(), settings)).requireComplete();
  }

  /**
   * Finds slips of the pen before the model is looked up, whose card may name another recipe.
   *
   * @throws RealeraException (usage, not found) as {@link #recipe}
   */
  void check() {
    EraseRecipe slips = recipe(Recipes.fitting(config, method.name(), settings));
    slips.requireConcepts();
    if (config != null) {
      slips.requireEffective();
    }
  }

  private EraseRecipe recipe(EraseRecipe base) {
    EraseRecipe recipe = base;
    List<Asked> asked = asked();
    if (!asked.isEmpty() || !anchors.isEmpty()) {
      recipe = recipe.with("concepts", pairs(recipe, asked));
    }
    Set<String> kept = new LinkedHashSet<>(recipe.preserve());
    kept.addAll(preserve);
    if (preserveFile != null) {
      kept.addAll(WordList.read(preserveFile));
    }
    recipe = recipe.with("preserve", List.copyOf(kept));
    if (seed != null) {
      if (seed < 0) {
        throw RealeraException.usage("--seed is " + seed, "Take a whole number of 0 or more.");
      }
      recipe = recipe.with("seed", seed);
    }
    if (priorCaptions != null) {
      recipe = recipe.with("prior.captions", priorCaptions.toString());
    }
    if (recipe.prior().hasFile() && !Files.exists(Path.of(recipe.prior().captions()))) {
      throw RealeraException.notFound(
          "there are no captions " + recipe.prior().captions(),
          "Give COCO's captions_*.json, or a text with one caption a line.");
    }
    return switches(recipe);
  }

  private EraseRecipe switches(EraseRecipe recipe) {
    EraseRecipe result = recipe;
    if (paper) {
      result = result.require(MethodName.REALERA, "--paper").paper();
    }
    if (masks != null) {
      result = result.require(MethodName.MACE, "--masks").with("masks.source", masks.toString());
    }
    result = noMining ? off(result, "mining") : result;
    result = noBeyond ? off(result, "beyond") : result;
    return noAlignment ? off(result, "alignment") : result;
  }

  private static EraseRecipe off(EraseRecipe recipe, String part) {
    return recipe.require(MethodName.REALERA, "--no-" + part).with(part + ".enabled", false);
  }

  /**
   * A concept as it was written.
   *
   * @param where the file and line, to begin an error with; empty for the command line
   */
  private record Asked(String text, String where) {
    boolean isOpen() {
      return !text.contains("=");
    }
  }

  /** What the options name, then what the file lists. */
  private List<Asked> asked() {
    List<Asked> all = new ArrayList<>();
    concepts.forEach(text -> all.add(new Asked(text, "")));
    if (conceptFile != null) {
      for (WordList.Entry entry : WordList.entries(conceptFile)) {
        all.add(new Asked(entry.text(), conceptFile + ", line " + entry.line() + ": "));
      }
    }
    return all;
  }

  /** Concepts with their anchors; a lone --anchor is for the recipe's own concepts. */
  private List<ConceptPair> pairs(EraseRecipe recipe, List<Asked> named) {
    List<Asked> asked =
        named.isEmpty()
            ? recipe.concepts().stream().map(pair -> new Asked(pair.concept(), "")).toList()
            : named;
    if (asked.isEmpty()) {
      throw RealeraException.usage(
          "--anchor '" + anchors.get(0) + "' is given, but no --concept",
          "Say what to erase, e.g. --concept airplane --anchor sky.");
    }
    long open = asked.stream().filter(Asked::isOpen).count();
    if (anchors.size() > 1 && anchors.size() != open) {
      throw RealeraException.usage(
          anchors.size() + " anchors are given for " + open + " concepts without one",
          "Give --anchor once for all, once for each, or write airplane=sky");
    }
    if (open == 0 && !anchors.isEmpty()) {
      throw RealeraException.usage(
          "--anchor '" + anchors.get(0) + "' is for no concept: each has one already",
          "Leave out --anchor, or the =ANCHOR of a concept.");
    }
    Map<String, ConceptPair> pairs = new LinkedHashMap<>();
    int next = 0;
    for (Asked concept : asked) {
      int position = concept.isOpen() ? next++ : 0;
      try {
        ConceptPair pair = pair(concept.text(), position);
        if (pairs.put(BasicNormalizer.normalize(pair.concept()), pair) != null) {
          throw RealeraException.usage(
              "concepts has \"" + pair.concept() + "\" twice", "Name each concept once.");
        }
      } catch (RealeraException e) {
        throw RealeraException.usage(concept.where() + e.getMessage(), e.remedy());
      }
    }
    return List.copyOf(pairs.values());
  }

  private ConceptPair pair(String text, int position) {
    int equals = text.lastIndexOf('=');
    return equals >= 0
        ? pair(text.substring(0, equals), text.substring(equals + 1))
        : pair(text, anchorFor(text, position));
  }

  private String anchorFor(String concept, int position) {
    if (anchors.isEmpty()) {
      throw RealeraException.usage(
          "concept '" + concept + "' has no anchor: what shall be drawn in its place?",
          "Add --anchor, e.g. --concept airplane --anchor sky, or write airplane=sky");
    }
    return anchors.get(anchors.size() == 1 ? 0 : position);
  }

  private static ConceptPair pair(String concept, String anchor) {
    if (concept.isBlank() || anchor.isBlank()) {
      throw RealeraException.usage(
          "concept '" + concept + "' with anchor '" + anchor + "': both need some text",
          "Write e.g. --concept airplane --anchor sky, or --concept airplane=sky");
    }
    return new ConceptPair(concept, anchor);
  }
}

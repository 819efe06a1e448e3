package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.campaign.Campaign;
import org.realera.campaign.Variant;
import org.realera.campaign.Way;
import org.realera.config.ConceptPair;
import org.realera.config.MethodName;
import org.realera.eval.suite.Suite;
import picocli.CommandLine.Option;

/** {@code realera eval attack --erase}: the models are made first, by each method. */
final class AttackEachOptions {
  @Option(
      names = "--erase",
      paramLabel = "TEXT",
      converter = NameText.class,
      split = ",",
      description =
          "Erase each of these concepts of the suite from the model first, and attack what comes of"
              + " it; all for every one. Models and runs are kept in DIR, which may be that of"
              + " realera eval --methods.",
      order = 20)
  private List<String> concepts = new ArrayList<>();

  @Option(
      names = "--methods",
      paramLabel = "NAME",
      split = ",",
      completionCandidates = CompletionWords.ComparedMethods.class,
      description =
          "With --erase: by each of these methods, as realera eval --methods. Default: realera.",
      order = 21)
  private List<String> methods = new ArrayList<>();

  @Option(
      names = "--recipe",
      paramLabel = "KIND",
      description = "With --erase: the kind of the methods' recipes. Default: the model's.",
      order = 22)
  private @Nullable String recipe;

  @Option(
      names = "--variants",
      description = "With --erase: realera also with parts of it off, as in the paper's Table 3.",
      order = 23)
  private boolean variants;

  boolean asked() {
    return !concepts.isEmpty();
  }

  /**
   * Finds slips of the pen before the model is looked up.
   *
   * @param single whether one model's concept, anchor or baseline is named
   * @param settings {@code METHOD:KEY=VALUE} each
   * @throws RealeraException (usage) for options that do not go together, or a method that there is
   *     not
   */
  void check(boolean single, List<String> settings) {
    if (!asked()) {
      if (!methods.isEmpty() || recipe != null || variants || !settings.isEmpty()) {
        throw RealeraException.usage(
            "--methods, --recipe, --variants and --set METHOD:KEY=VALUE are for erasing",
            "Add --erase all, or name some concepts there.");
      }
      return;
    }
    if (single) {
      throw RealeraException.usage(
          "--erase does not go with --concept, --anchor or --baseline",
          "--erase makes the models from --model, which is their baseline; leave those out.");
    }
    Settings.requireNone("concepts", "--erase names the concepts", settings);
    MethodChoice choice = choice(settings);
    choice.check();
    if (variants && !choice.has(MethodName.REALERA)) {
      throw RealeraException.usage(
          "--variants are RealEra's, and --methods does not name realera",
          "Add realera to --methods, or leave --variants out.");
    }
  }

  private MethodChoice choice(List<String> settings) {
    return new MethodChoice(
        methods.isEmpty() ? List.of(MethodName.REALERA.label()) : List.copyOf(methods),
        recipe,
        settings);
  }

  /**
   * The ways to erase. The console hears that guidance, which has no weights to attack, is left
   * out, and how SPM is drawn.
   *
   * @throws RealeraException (usage) if nothing is left
   */
  List<Way> ways(Path model, List<String> settings, Console console) {
    List<Way> ways = new ArrayList<>();
    for (Way way : choice(settings).ways(model)) {
      if (way.means() instanceof Way.Erase erase) {
        ways.add(way);
        if (erase.recipe().method() == MethodName.SPM) {
          console.note(
              way.label()
                  + ": words are drawn by facilitated transport; embeddings and gradients meet the"
                  + " merged weights");
        }
        if (variants && erase.recipe().method() == MethodName.REALERA) {
          for (Variant variant : Variant.values()) {
            if (variant != Variant.FULL) {
              ways.add(Way.of(variant, erase.recipe()));
            }
          }
        }
      } else {
        console.note(way.label() + " has no weights to attack and is left out");
      }
    }
    if (ways.isEmpty()) {
      throw RealeraException.usage(
          "--methods names nothing that changes weights", "Name a method such as realera or uce.");
    }
    return ways;
  }

  /** The concepts with the suite's anchors. */
  List<ConceptPair> pairs(Suite suite) {
    return Campaign.pairs(suite, concepts, "attack");
  }
}

package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.campaign.SuiteWords;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.erase.Scope.Source;
import picocli.CommandLine.Option;

/** Which concepts {@code realera scope} looks at, against which texts, by which recipe. */
final class ScopeOptions {
  @Option(
      names = {"-c", "--concept"},
      paramLabel = "TEXT",
      converter = NameText.class,
      required = true,
      description = "What would be erased; repeats.",
      order = 2)
  private List<String> concepts = new ArrayList<>();

  @Option(
      names = {"-a", "--anchor"},
      paramLabel = "TEXT",
      converter = NameText.class,
      description = "Where does this one lie?",
      order = 3)
  private @Nullable String anchor;

  @Option(
      names = "--words",
      paramLabel = "FILE",
      description = "Words of your own, one a line; # begins a remark.",
      order = 4)
  private @Nullable Path words;

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      description = "A whole prompt, compared with the bare concept; repeats.",
      order = 5)
  private List<String> prompts = new ArrayList<>();

  @Option(
      names = {"--config", "--recipe"},
      paramLabel = "FILE|NAME",
      description = "The recipe, for its template, mining, D1 and D2. Default: the model's.",
      order = 6)
  private @Nullable String config;

  /** Each concept once, in order. */
  List<String> concepts() {
    return List.copyOf(new LinkedHashSet<>(concepts));
  }

  /** The texts to measure by where they come from; reads the list of words. */
  Map<Source, List<String>> texts() {
    Map<Source, List<String>> texts = new TreeMap<>();
    if (words != null) {
      texts.put(Source.LIST, WordList.read(words));
    }
    if (anchor != null) {
      texts.put(Source.ANCHOR, List.of(anchor));
    }
    texts.put(Source.PROMPT, prompts);
    texts.put(Source.SUITES, SuiteWords.all());
    return texts;
  }

  /** The recipe asked for, or the one that the model's card names, with the user's settings. */
  EraseRecipe recipe(Settings settings, Path model) {
    return Recipes.of(config, null, settings, model)
        .require(MethodName.REALERA, "The erasing range");
  }
}

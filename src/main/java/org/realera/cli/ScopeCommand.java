package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.Checkpoint;
import org.realera.config.EraseRecipe;
import org.realera.erase.Interruption;
import org.realera.erase.Scope;
import org.realera.erase.Scope.Range;
import org.realera.erase.Scope.Source;
import org.realera.erase.ScopePage;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.tensor.Engine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code realera scope}: what lies in a concept's erasing range, before anything is erased. */
@Command(
    name = "scope",
    sortOptions = false,
    description = {
      "Says what lies within the erasing range of a concept, on its edge and outside, before"
          + " anything is erased.",
      "",
      "Words of the model's vocabulary, of the suites and of your own list stand in the concept's"
          + " place in the recipe's first template; the distance between the embeddings, as mining"
          + " measures it, is compared with the recipe's D1 and D2."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera scope --model pocket --concept airplane --anchor sky",
      "  realera scope -m pocket -c cat -c dog --prompt \"a photo of the feline\" \\",
      "    --out scope.html"
    })
final class ScopeCommand extends BaseCommand {
  @Mixin private ModelOption model = new ModelOption();

  @Option(
      names = {"-c", "--concept"},
      paramLabel = "TEXT",
      required = true,
      description = "What would be erased; repeats.",
      order = 2)
  private List<String> concepts = new ArrayList<>();

  @Option(
      names = {"-a", "--anchor"},
      paramLabel = "TEXT",
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
      description = "The recipe, for its template, D1 and D2. Default: the model's.",
      order = 6)
  private @Nullable String config;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE",
      description = "Write a page with a picture of it, too.",
      order = 7)
  private @Nullable Path out;

  @Mixin private Settings settings = new Settings();
  @Mixin private DeviceOption device = new DeviceOption();

  @Option(names = "--json", description = "Print all texts as JSON.", order = 90)
  private boolean json;

  ScopeCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    Map<Source, List<String>> texts = texts();
    Path folder = core.locate(model.reference(console.env()), console.env());
    EraseRecipe recipe = Recipes.of(config, settings, folder);
    List<Range> ranges;
    try (Progress progress = Progress.on(console)) {
      progress.begin("Encode", 100);
      ranges =
          Scope.measure(
              Checkpoint.open(folder),
              recipe,
              List.copyOf(new LinkedHashSet<>(concepts)),
              texts,
              Engine.compute(device.device(console.env()), "fp32"),
              percent -> progress.advance(percent, ""));
    }
    if (out != null) {
      ScopePage.write(out, ranges);
    }
    new ScopePrinter(console).print(ranges, json, out);
    return ExitCode.DONE;
  }

  private Map<Source, List<String>> texts() {
    Map<Source, List<String>> texts = new TreeMap<>();
    if (words != null) {
      texts.put(Source.LIST, WordList.read(words));
    }
    if (anchor != null) {
      texts.put(Source.ANCHOR, List.of(anchor));
    }
    texts.put(Source.PROMPT, prompts);
    texts.put(Source.SUITES, suites());
    return texts;
  }

  /** The names, synonyms and scenes of the shipped suites. */
  private static List<String> suites() {
    Set<String> all = new LinkedHashSet<>();
    for (String name : SuiteReader.SHIPPED) {
      Suite suite = SuiteReader.read(name);
      suite.concepts().forEach(concept -> all.add(concept.name()));
      suite.concepts().forEach(concept -> all.addAll(concept.synonyms()));
      all.addAll(suite.scenes());
    }
    return List.copyOf(all);
  }
}

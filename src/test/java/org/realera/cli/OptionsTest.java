package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.Progress;
import org.realera.Stopped;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.eval.EvalRequest;
import org.realera.eval.EvalResult;
import org.realera.eval.attack.AttackRequest;
import org.realera.eval.attack.AttackSummary;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.tensor.ComputeChoice;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/**
 * That no option is ignored: a command line with another value of it asks for something else. What
 * it asks for is the matter of other tests.
 */
class OptionsTest {
  /** Of every command: how a result is printed. */
  private static final Set<String> PRINTING = Set.of("--help", "--verbose", "--json");

  /**
   * Of each option: its name, a line, and another. An ampersand stands for the line before; of a
   * single line the other is the own one above it.
   */
  private static final Map<String, String> LINES =
      Map.of(
          "erase",
          """
          own | -m /m -c cat -a dog
          --model | -m /n -c cat -a dog
          --concept | & -c ship
          --concept-file | & --concept-file FILE
          --anchor | -m /m -c cat -a sky
          --method | & --method uce
          --config | & --config style
          --seed | & --seed 1
          --preserve | & --preserve frog
          --preserve-file | & --preserve-file FILE
          --prior-captions | & --prior-captions FILE
          --masks | -m /m -c cat -a dog --method mace | & --masks DIR
          --no-mining | & --no-mining
          --no-beyond | & --no-beyond
          --no-alignment | & --no-alignment
          --paper | & --paper
          --set | & --set mining.d1=0.5
          --device | & --device cpu
          --dtype | & --dtype bf16
          --gradient-checkpointing | & --gradient-checkpointing
          --out | & --out DIR
          --to | & --to delta
          --resume | & --resume
          --force | & --force
          --dry-run | & --dry-run
          --no-check | & --no-check
          """,
          "generate",
          """
          own | -m /m -p a_cat -o DIR/x
          --model | -m /n -p a_cat -o DIR/x
          --prompt | & -p a_dog
          --prompt-file | -m /m -o DIR/x --prompt-file FILE
          --out | -m /m -p a_cat -o DIR/y
          --count | & -n 2
          --seed | & --seed 1
          --negative-prompt | & --negative-prompt a_dog
          --steps | & --steps 3
          --guidance | & --guidance 3
          --safe | & --safe cats
          --sld | & --sld max
          --spm | & --spm FILE
          --size | & --size 64
          --force | & --force
          --device | & --device cpu
          --dtype | & --dtype bf16
          """,
          "eval",
          """
          own | cifar10 -m pocket -c cat -o DIR/x
          --model | cifar10 -m /m -c cat -o DIR/x
          --baseline | & --baseline /b
          --concept | cifar10 -m pocket -c dog -o DIR/x
          --anchor | & -a sofa
          --out | cifar10 -m pocket -c cat -o DIR/y
          --samples | & -n 3
          --shard | & --shard 1/2
          --batch | & --batch 3
          --steps | & --steps 3
          --guidance | & --guidance 3
          --safe | & --safe cats
          --sld | & --sld max
          --spm | & --spm FILE
          --label | & --label mine
          --scorer | & --scorer other
          --size | & --size 32
          --device | & --device cpu
          --dtype | & --dtype bf16
          --prompts | explicit -m pocket -o DIR/x --scorer FILE --prompts a.csv | \
              explicit -m pocket -o DIR/x --scorer FILE --prompts b.csv
          --inception | & --reference b --inception a | \
              cifar10 -m pocket -c cat -o DIR/x --reference b --inception c
          --reference | & --reference b --inception a | \
              cifar10 -m pocket -c cat -o DIR/x --reference c --inception a
          --erase | cifar10 -m pocket --erase cat --shard 1/2 -o DIR/x | \
              cifar10 -m pocket --erase dog --shard 1/2 -o DIR/x
          --variants | cifar10 -m pocket --erase cat --shard 1/2 -o DIR/x | & --variants
          --recipe | cifar10 -m pocket --erase cat --shard 1/2 -o DIR/x | & --recipe style
          --set | cifar10 -m pocket --erase cat --shard 1/2 -o DIR/x | & --set seed=1
          --methods | cifar10 -m pocket --erase cat,dog --shard 1/2 -o DIR/x | & --methods uce
          own | cifar10 -m pocket --erase cat,dog --methods uce --shard 1/2 -o DIR/x
          --recipe | & --recipe style
          --set | & --set uce:lamb=0.7
          --samples | & -n 3
          --batch | & --batch 3
          --steps | & --steps 3
          --guidance | & --guidance 3
          --scorer | & --scorer other
          --size | & --size 32
          --dtype | & --dtype bf16
          """,
          "eval ablation",
          """
          own | -m pocket -c cat -o DIR/x
          --model | -m /m -c cat -o DIR/x
          --concept | -m pocket -c dog -o DIR/x
          --anchor | & -a sofa
          --suite | & --suite SUITE
          --recipe | & --recipe style
          --out | -m pocket -c cat -o DIR/y
          --samples | & -n 3
          --steps | & --steps 3
          --scorer | & --scorer other
          --sweep-samples | & --sweep-samples 3
          --no-sweeps | & --no-sweeps
          --set | & --set seed=1
          --device | & --device cpu
          --dtype | & --dtype bf16
          """,
          "eval attack",
          """
          own | -m /m --baseline pocket -c cat -o DIR/x
          --model | -m /n --baseline pocket -c cat -o DIR/x
          --baseline | -m /m --baseline /b -c cat -o DIR/x
          --concept | -m /m --baseline pocket -c dog -o DIR/x
          --anchor | & -a sofa
          --out | -m /m --baseline pocket -c cat -o DIR/y
          --attacks | & --attacks probe
          --prompts | & --prompts 3
          --suite | & --suite SUITE
          --steps | & --steps 3
          --scorer | & --scorer other
          --config | & --config object
          --set | & --set ring_a_bell.generations=3
          --shard | & --shard 1/2
          --dry-run | & --dry-run
          --device | & --device cpu
          --dtype | & --dtype bf16
          --erase | -m pocket --erase cat --shard 1/2 -o DIR/x | \
              -m pocket --erase dog --shard 1/2 -o DIR/x
          --methods | -m pocket --erase cat,dog --shard 1/2 -o DIR/x | & --methods uce
          --recipe | -m pocket --erase cat --shard 1/1 -o DIR/x | & --recipe style
          --variants | -m pocket --erase cat,dog --shard 1/2 -o DIR/x | & --variants
          own | -m pocket --erase cat,dog --methods uce --shard 1/2 -o DIR/x
          --recipe | & --recipe style
          --set | & --set uce:lamb=0.7
          --set | & --set ring-a-bell.generations=3
          --attacks | & --attacks probe
          --prompts | & --prompts 3
          --suite | & --suite SUITE
          --steps | & --steps 3
          --scorer | & --scorer other
          --config | & --config object
          --dtype | & --dtype bf16
          """);

  /** What the lines that are compared with ask for. */
  private static final Map<String, List<String>> PLAIN = new HashMap<>();

  @TempDir private static Path folder;

  @BeforeAll
  static void writeFiles() throws IOException {
    Files.writeString(folder.resolve("list.txt"), "horse=road\n");
    Files.writeString(
        folder.resolve("suite.yaml"),
        """
        name: pets
        prompt: a photo of the {}
        samples: 2
        sampler: {scheduler: ddim, steps: 2, guidance: 3, width: 16, height: 16}
        scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
        concepts: [{name: cat, anchor: sofa}, {name: dog, anchor: lawn}]
        """);
  }

  /** Does nothing, and keeps what it was asked for. */
  private static final class Asked extends CommandRun.FakeCore {
    final List<String> requests = new ArrayList<>();

    @Override
    public Path locateScorer(String reference, Map<String, String> env) {
      return Path.of("/scorers").resolve(reference);
    }

    @Override
    public Suite fitting(Suite suite, Path model) {
      return suite.smallModels() == null ? suite : SuiteReader.read(suite.smallModels().suite());
    }

    @Override
    public EraseResult erase(EraseRequest request, Progress progress) {
      String seen = request.review() == null ? "unseen" : "seen";
      requests.add(request.reviewedBy(SEEN) + seen);
      return super.erase(request, progress);
    }

    private static final EraseRequest.Review SEEN = images -> null;

    @Override
    public EvalResult evaluate(EvalRequest request, ComputeChoice compute, Progress progress) {
      requests.add(request + " " + compute);
      return new EvalResult(request.out(), request.shard(), null, null, 1, 0, 1);
    }

    @Override
    public @Nullable AttackSummary attack(
        AttackRequest request, ComputeChoice compute, Progress progress) {
      requests.add(request + " " + compute);
      return null;
    }

    @Override
    public ImageOutput generate(
        GenerateRequest request, Map<String, String> env, Progress progress) {
      requests.add(request.toString());
      throw new Stopped("that is enough");
    }
  }

  /** A line that is no slip of the pen; whole campaigns miss their runs in the end. */
  private static List<String> asked(String command, String line) {
    Asked core = new Asked();
    String[] args =
        (command + " " + line)
            .replace("FILE", folder.resolve("list.txt").toString())
            .replace("SUITE", folder.resolve("suite.yaml").toString())
            .replace("DIR", folder.toString())
            .split(" ");
    CommandRun run = CommandRun.with(core, args);
    assertThat(run.code()).as(run.err()).isNotEqualTo(ExitCode.USAGE.code());
    return core.requests;
  }

  private static Stream<List<String>> lines(String command) {
    String own = "";
    List<List<String>> lines = new ArrayList<>();
    for (String text : LINES.get(command).lines().toList()) {
      List<String> parts = Arrays.stream(text.split("[|]")).map(String::strip).toList();
      if (parts.get(0).equals("own")) {
        own = parts.get(1);
      } else {
        String one = parts.size() == 2 ? own : parts.get(1).replace("&", own);
        String other = parts.get(parts.size() - 1).replace("&", one);
        lines.add(List.of(command, parts.get(0), one, other));
      }
    }
    return lines.stream();
  }

  static Stream<List<String>> options() {
    return LINES.keySet().stream().sorted().flatMap(OptionsTest::lines);
  }

  @ParameterizedTest
  @MethodSource("options")
  void eachOptionHasItsPart(List<String> line) {
    String command = line.get(0);
    List<String> one = PLAIN.computeIfAbsent(command + line.get(2), own -> plain(line));
    assertThat(asked(command, line.get(3))).isNotEqualTo(one);
  }

  private static List<String> plain(List<String> line) {
    List<String> plain = asked(line.get(0), line.get(2));
    assertThat(plain).isNotEmpty();
    assertThat(asked(line.get(0), line.get(2))).as("it is no matter of luck").isEqualTo(plain);
    return plain;
  }

  /** As its --help says. */
  @Test
  void sweepsOfAnAblationDrawTenImagesUnlessAskedForMore() {
    String plain = "-m pocket -c cat -o DIR/x";
    assertThat(asked("eval ablation", plain + " --sweep-samples 10"))
        .isEqualTo(asked("eval ablation", plain));
  }

  /** So that a new option is not without a test. */
  @ParameterizedTest
  @ValueSource(strings = {"erase", "generate", "eval", "eval ablation", "eval attack"})
  void everyOptionIsTried(String command) {
    Console console = new Console(System.out, System.err, Map.of(), 0);
    CommandLine found =
        Main.commandLine(
            console, new CommandRun.FakeCore(), new Interruption(), new ErrorReport(console));
    for (String word : command.split(" ")) {
      found = found.getSubcommands().get(word);
    }
    Set<String> known =
        found.getCommandSpec().options().stream()
            .filter(option -> !option.hidden())
            .map(OptionsTest::name)
            .filter(name -> !PRINTING.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(lines(command).map(line -> line.get(1)).distinct().sorted())
        .containsExactlyElementsOf(known);
  }

  private static String name(OptionSpec option) {
    return Stream.of(option.names()).filter(name -> name.startsWith("--")).findFirst().orElse("");
  }
}

package org.realera.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.realera.Version;
import org.realera.erase.Interruption;
import org.realera.erase.Interruption.StoppedException;
import org.realera.eval.EvalListener;
import org.realera.eval.EvalRequest;
import org.realera.eval.EvalRequest.Source;
import org.realera.eval.EvalStoppedException;
import org.realera.eval.metrics.Summary;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code realera eval}: measures how well a concept is erased and the rest kept. */
@Command(
    name = "eval",
    sortOptions = false,
    customSynopsis = {
      "realera eval SUITE --model MODEL --out DIR [OPTIONS]",
      "       realera eval SUITE --model MODEL --erase all --out DIR [OPTIONS]",
      "       realera eval ablation --model MODEL --concept TEXT --out DIR",
      "       realera eval report DIR...",
      "       realera eval score SCORER --with FILE --out DIR DIR..."
    },
    description = {
      "Measures how far a concept is gone and the rest kept.",
      "",
      "Draws a suite's images, scores them and sums up: Acc_e (images of the concept, low is good),"
          + " Acc_s (of the other concepts, high), Acc_g (of its synonyms, low) and H_o, their"
          + " harmonic mean, with 95 %% intervals.",
      "",
      "Started again with the same settings it goes on where it stopped."
    },
    optionListHeading = "%nOptions:%n",
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera eval cifar10 --model pocket --samples 50 --out runs/pocket",
      "  realera eval cifar10 --model out/no-airplane --baseline runs/pocket \\",
      "    --concept airplane --samples 50 --out runs/airplane",
      "  realera eval cifar10 -m sd-v1-4 --concept cat --shard 2/8 --out runs/cat-2",
      "  realera eval explicit -m out/safe --prompts i2p.csv --scorer 320n.onnx \\",
      "    --out runs/explicit"
    })
final class EvalCommand extends BaseCommand {
  @Parameters(
      arity = "0..1",
      paramLabel = "SUITE",
      completionCandidates = CompletionWords.Suites.class,
      description =
          "cifar10, cifar10-pocket, celebrity, art, explicit, coco, or a YAML file such as these.")
  private @Nullable String suite;

  @Mixin private ModelOption model = new ModelOption();
  @Mixin private ComputeOptions compute = new ComputeOptions();
  @Mixin private SuiteOptions options = new SuiteOptions();
  @Mixin private EraseAll eraseAll = new EraseAll();

  @Option(
      names = "--baseline",
      paramLabel = "MODEL|DIR",
      completionCandidates = CompletionWords.Models.class,
      description = "The model to compare with, or the DIR of an earlier run of it.",
      order = 2)
  private @Nullable String baseline;

  @Option(
      names = {"-c", "--concept"},
      paramLabel = "TEXT",
      description =
          "The erased concept. Default: what the model's realera.json says, else none, which"
              + " surveys all concepts and synonyms of the suite.",
      order = 3)
  private @Nullable String concept;

  @Option(
      names = {"-a", "--anchor"},
      paramLabel = "TEXT",
      description = "What it was erased with, a label of the open set. Default: the suite's.",
      order = 4)
  private @Nullable String anchor;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "The run folder.",
      order = 5)
  private @Nullable Path out;

  @Option(
      names = {"-n", "--samples"},
      paramLabel = "N",
      description = "Images of each prompt. Default: the suite's.",
      order = 6)
  private @Nullable Integer samples;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description = "Do only part I of N; realera eval report puts them together.",
      order = 7)
  private String shard = "1/1";

  @Option(names = "--batch", paramLabel = "N", description = "Images drawn together.", order = 8)
  private @Nullable Integer batch;

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Sampling steps. Default: the suite's.",
      order = 9)
  private @Nullable Integer steps;

  @Option(
      names = "--guidance",
      paramLabel = "G",
      description = "Guidance scale. Default: the suite's.",
      order = 10)
  private @Nullable Double guidance;

  @Option(
      names = "--label",
      paramLabel = "TEXT",
      description = "What tables call this run. Default: the model.",
      order = 16)
  private @Nullable String label;

  @Option(names = "--json", description = "Print the summary as JSON.", order = 90)
  private boolean json;

  @Spec private CommandSpec spec = CommandSpec.create();

  EvalCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    EvalPrinter printer = new EvalPrinter(console, json);
    eraseAll.check(concept != null || anchor != null || baseline != null);
    EvalRequest request = request();
    String device = compute.device(console.env());
    try (Progress progress = Progress.on(console)) {
      if (eraseAll.asked()) {
        Campaign campaign =
            new Campaign(
                core,
                interruption,
                progress,
                new Campaign.Setting(
                    request.suite(),
                    request.model(),
                    request.scorer(),
                    steps,
                    batch,
                    device,
                    compute.dtype(),
                    request.shard(),
                    request.out()));
        Summary summary =
            eraseAll.run(
                campaign, request.suite(), eraseAll.recipe(request.model().folder()), samples);
        if (summary == null) {
          printer.shard(request.shard(), request.out(), "/runs/*");
        } else {
          printer.summary(summary, request.out());
        }
      } else {
        EvalListener listener = new EvalProgress(progress, interruption);
        printer.result(core.evaluate(request, device, compute.dtype(), listener));
      }
      return ExitCode.DONE;
    } catch (EvalStoppedException | StoppedException e) {
      return stopped(e);
    }
  }

  private EvalRequest request() {
    if (suite == null) {
      throw new ParameterException(spec.commandLine(), "a suite is missing, e.g. cifar10");
    }
    if (out == null) {
      throw new ParameterException(spec.commandLine(), "--out is missing: the run folder");
    }
    Numbers.atLeastOne("--samples", samples);
    Numbers.atLeastOne("--batch", batch);
    Numbers.atLeastOne("--steps", steps);
    String reference = model.reference(console.env());
    Path folder = core.locate(reference, console.env());
    Suite asked = SuiteReader.read(suite);
    Suite small = core.fitting(asked, folder);
    Suite fitting = options.applied(small);
    if (!fitting.name().equals(asked.name())) {
      console.note(reference + " draws small pictures: suite " + fitting.name());
    }
    ErasedModel erased = ErasedModel.of(folder, fitting, concept, anchor, console);
    return new EvalRequest(
        fitting,
        new Source(reference, folder),
        baseline == null ? null : new Source(baseline, baselineFolder(baseline)),
        options.scorer(fitting, core, console.env()),
        erased.concept(),
        erased.anchor(),
        label,
        samples,
        steps,
        guidance,
        batch,
        Shard.parse(shard),
        out,
        Version.current());
  }

  private Path baselineFolder(String reference) {
    Path folder = Path.of(reference);
    return Files.exists(folder.resolve("run.json"))
        ? folder
        : core.locate(reference, console.env());
  }
}

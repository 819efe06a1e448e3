package org.realera.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.Version;
import org.realera.campaign.ErasedModel;
import org.realera.checkpoint.ModelRef;
import org.realera.config.EditDistance;
import org.realera.config.Limits;
import org.realera.eval.Drawn;
import org.realera.eval.EvalRequest;
import org.realera.eval.Subject;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.files.Environment;
import org.realera.tensor.ComputeChoice;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What {@code realera eval} measures, and how: ends in an {@link EvalRequest}. */
final class EvalOptions {
  @Parameters(
      arity = "0..1",
      paramLabel = "SUITE",
      completionCandidates = CompletionWords.Suites.class,
      description =
          "cifar10, cifar10-pocket, celebrity, art, explicit, coco, or a YAML file such as these.")
  private @Nullable String suite;

  @Mixin private ModelOption model = new ModelOption();
  @Mixin private ComputeOptions compute = new ComputeOptions();
  @Mixin private SuiteOptions suiteOptions = new SuiteOptions();
  @Mixin private EraseEachOptions each = new EraseEachOptions();

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
      converter = NameText.class,
      description =
          "The erased concept. Default: what the model's realera.json says, or that of --spm, else"
              + " none, which surveys all concepts and synonyms of the suite.",
      order = 3)
  private @Nullable String concept;

  @Option(
      names = {"-a", "--anchor"},
      paramLabel = "TEXT",
      converter = NameText.class,
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

  @Mixin private StepsOption steps = new StepsOption();

  @Option(
      names = "--guidance",
      paramLabel = "G",
      description = "Guidance scale. Default: the suite's.",
      order = 10)
  private @Nullable Double guidance;

  @Mixin private SafeOptions safe = new SafeOptions();
  @Mixin private SpmOptions spm = new SpmOptions();

  @Option(
      names = "--label",
      paramLabel = "TEXT",
      description = "What tables call this run. Default: the model, or how it is drawn (SLD, SPM).",
      order = 16)
  private @Nullable String label;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  /** Where and in which type networks run. */
  ComputeChoice choice(Map<String, String> env) {
    return compute.choice(env);
  }

  /** Which concepts to erase first, if any. */
  EraseEachOptions each() {
    return each;
  }

  /**
   * Finds model, suite and scorer.
   *
   * @throws RealeraException (usage, not found) naming the option
   */
  EvalRequest request(Console console, Services core) {
    each.check(concept != null || anchor != null || baseline != null);
    each.checkUnguided(safe.asked());
    each.checkPlain(spm.file() != null);
    each.checkUnnamed(label != null);
    if (suite == null) {
      throw new ParameterException(spec.commandLine(), "a suite is missing, e.g. cifar10");
    }
    requireNoCommand(suite, spec.commandLine().getSubcommands().keySet());
    Suite asked = SuiteReader.read(suite, new Environment(console.env()));
    if (out == null) {
      throw new ParameterException(spec.commandLine(), "--out is missing: the run folder");
    }
    RunFolder.require(out);
    NumberCheck.upTo("--samples", samples, Limits.SAMPLES);
    NumberCheck.upTo("--batch", batch, Limits.BATCH);
    NumberCheck.guidance(guidance);
    Integer sampling = steps.steps();
    String reference = model.reference(console.env());
    Path folder = core.locate(reference, console.env());
    Suite fitting = suiteOptions.applied(core.fitting(asked, folder));
    if (!fitting.name().equals(asked.name())) {
      console.note(reference + " draws small pictures: suite " + fitting.name());
    }
    ErasedModel erased = spm.erased(folder, fitting, concept, anchor);
    if (erased.fromManifest() && !each.asked()) {
      console.note(
          "taking "
              + erased.concept()
              + ", which "
              + (spm.file() == null ? "realera.json" : "--spm")
              + " says was erased; name another with --concept");
    }
    if (erased.concept() == null && !each.asked()) {
      spm.unmeasured(reference, folder, fitting).ifPresent(console::note);
    }
    return new EvalRequest(
        fitting,
        new ModelRef(reference, folder),
        baseline == null ? null : new ModelRef(baseline, baselineFolder(baseline, console, core)),
        suiteOptions.scorer(fitting, core, console.env()),
        new Subject(erased.concept(), erased.anchor(), label),
        new Drawn(samples, sampling, guidance, batch, safe.guidance(guidance), spm.file()),
        Shard.parse(shard),
        out,
        Version.current());
  }

  /** A command that is misspelt is taken for a suite. */
  private static void requireNoCommand(String word, Set<String> commands) {
    List<String> known = new ArrayList<>(SuiteReader.SHIPPED);
    known.addAll(commands);
    String near = EditDistance.nearest(word, known);
    if (near != null && commands.contains(near) && !SuiteReader.isThere(word)) {
      throw RealeraException.notFound(
          "there is no suite '" + word + "'",
          "Did you mean the command realera eval " + near + "?");
    }
  }

  private static Path baselineFolder(String reference, Console console, Services core) {
    Path folder = Path.of(reference);
    return Files.exists(folder.resolve(RunFiles.RUN))
        ? folder
        : core.locate(reference, console.env());
  }
}

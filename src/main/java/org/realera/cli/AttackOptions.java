package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.Version;
import org.realera.campaign.AttackEach;
import org.realera.campaign.Campaign;
import org.realera.campaign.ErasedModel;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.MethodName;
import org.realera.eval.AlsoErased;
import org.realera.eval.Baselines;
import org.realera.eval.Drawn;
import org.realera.eval.attack.AttackPlan;
import org.realera.eval.attack.AttackRequest;
import org.realera.eval.attack.AttackRun;
import org.realera.eval.attack.AttackedModel;
import org.realera.eval.attack.PromptPlan;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.Suite.Sampler;
import org.realera.eval.suite.SuiteReader;
import org.realera.files.Environment;
import org.realera.tensor.ComputeChoice;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What {@code realera eval attack} attacks, and how. */
final class AttackOptions {
  @Mixin private ModelOption model = new ModelOption();
  @Mixin private ComputeOptions compute = new ComputeOptions();
  @Mixin private AttackEachOptions each = new AttackEachOptions();
  @Mixin private AttackPrompts prompts = new AttackPrompts();
  @Mixin private AttackBudget budget = new AttackBudget();

  @Option(
      names = "--baseline",
      paramLabel = "MODEL",
      completionCandidates = CompletionWords.Models.class,
      description =
          "The model before. Default: that which realera.json names, if it is on this machine.",
      order = 2)
  private @Nullable String baseline;

  @Option(
      names = {"-c", "--concept"},
      paramLabel = "TEXT",
      converter = NameText.class,
      description = "The erased concept. Default: what the model's realera.json says.",
      order = 3)
  private @Nullable String concept;

  @Option(
      names = {"-a", "--anchor"},
      paramLabel = "TEXT",
      converter = NameText.class,
      description = "What it was erased with, a label of the judge. Default: the suite's.",
      order = 4)
  private @Nullable String anchor;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      required = true,
      description = "The run folder.",
      order = 5)
  private Path out = Path.of("");

  @Option(
      names = "--attacks",
      paramLabel = "NAME",
      split = ",",
      completionCandidates = CompletionWords.Attacks.class,
      description =
          "Attacks to make: ${COMPLETION-CANDIDATES}. Default: implicit, probe,"
              + " ring-a-bell-direction and ring-a-bell, which need no gradients and one picture of"
              + " each prompt.",
      order = 6)
  private List<String> attacks = new ArrayList<>();

  @Option(
      names = "--suite",
      paramLabel = "SUITE",
      completionCandidates = CompletionWords.Suites.class,
      description = "Names the judge and how pictures are drawn. Default: cifar10.",
      order = 8)
  private String suite = "cifar10";

  @Mixin private StepsOption steps = new StepsOption();

  @Option(
      names = "--scorer",
      paramLabel = "MODEL|FILE",
      description = "What the judge looks with. Default: the suite's.",
      order = 10)
  private @Nullable String scorer;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description =
          "Do only part I of N: every N-th prompt, or with --erase every N-th model; realera eval"
              + " report puts them together.",
      order = 13)
  private String shard = "1/1";

  @Option(
      names = "--dry-run",
      description = "Show prompts, attacks and judge, and do nothing.",
      order = 32)
  private boolean dryRun;

  Path out() {
    return out;
  }

  boolean dryRun() {
    return dryRun;
  }

  /** Whether the models are made first. */
  boolean erases() {
    return each.asked();
  }

  Shard shard() {
    return Shard.parse(shard);
  }

  /**
   * Where and in which type networks run.
   *
   * @throws RealeraException (usage) for a word that is no device or no type
   */
  ComputeChoice choice(Console console) {
    return compute.choice(console.env());
  }

  /** Finds slips of the pen before the model is looked up. */
  private void check() {
    RunFolder.require(out);
    each.check(concept != null || anchor != null || baseline != null, budget.ofMethods());
    budget.check(AttackChoice.of(attacks));
    Shard.parse(shard);
    steps.steps();
    prompts.check();
  }

  /** The model, the suite that fits it, and what scores. */
  private record Found(ModelRef model, Suite suite, ModelRef scorer) {
    /** The kind of attack settings that is made for it. */
    String kind() {
      return suite.sampler().small() ? Suite.POCKET : suite.kind();
    }
  }

  private Found find(Console console, Services core) {
    check();
    String reference = model.reference(console.env());
    Path folder = core.locate(reference, console.env());
    Suite asked = SuiteReader.read(suite, new Environment(console.env()));
    Suite fitting = core.fitting(asked, folder);
    if (!fitting.name().equals(asked.name())) {
      console.note(reference + " draws small pictures: suite " + fitting.name());
    }
    return new Found(
        new ModelRef(reference, folder),
        fitting,
        SuiteOptions.scorer(fitting, scorer, core, console.env()));
  }

  /**
   * What is asked of one model.
   *
   * @throws RealeraException (usage, not found) naming the option
   */
  AttackRequest request(Console console, Services core) {
    Found found = find(console, core);
    Path folder = found.model().path();
    ErasedModel erased = ErasedModel.of(folder, found.suite(), concept, anchor);
    String gone = erased.concept();
    if (gone == null) {
      throw RealeraException.usage(
          "which concept was erased from " + found.model().name() + "?", "Name it with --concept.");
    }
    if (erased.fromManifest()) {
      console.note(
          "taking " + gone + ", which realera.json says was erased; name another with --concept");
    }
    String unnamed = AlsoErased.unnamed(found.model().name(), folder, gone);
    if (!unnamed.isEmpty()) {
      console.note(unnamed);
    }
    String target = erased.anchor();
    if (target == null) {
      target =
          found.suite().concepts().stream()
              .filter(one -> one.name().equals(gone))
              .map(Suite.Concept::anchor)
              .findFirst()
              .orElse(null);
    }
    Integer sampling = steps.steps();
    Sampler sampler = found.suite().sampler();
    AttackRequest request =
        new AttackRequest(
            found.suite(),
            sampling == null ? sampler : sampler.withSteps(sampling),
            new AttackedModel(
                found.model(),
                found.model().shortName(),
                baseline(found.model(), console, core),
                null),
            found.scorer(),
            gone,
            target,
            new AttackPlan(
                prompts.of(found.suite(), gone, console),
                AttackChoice.of(attacks),
                budget.of(found.kind())),
            shard(),
            null,
            out,
            Version.current());
    AttackRun.check(request);
    ModelRef original = request.victim().baseline();
    if (baseline != null && original != null) {
      Baselines.require(found.model(), original);
    }
    if (ErasedModel.isBy(MethodName.SPM, folder)) {
      console.note(
          found.model().name()
              + " was erased by spm: its merged weights are attacked; --erase with --methods spm"
              + " draws words by facilitated transport, as published");
    }
    return request;
  }

  private @Nullable ModelRef baseline(ModelRef erased, Console console, Services core) {
    if (baseline != null) {
      return new ModelRef(baseline, core.locate(baseline, console.env()));
    }
    Path folder = erased.path();
    ModelRef source =
        ErasedModel.source(folder, reference -> core.find(reference, console.env())).orElse(null);
    if (source != null) {
      console.note("the model says that it was made from " + source.name() + ": the baseline");
    }
    return source;
  }

  /**
   * What is asked of a campaign.
   *
   * @throws RealeraException (usage, not found) naming the option
   */
  AttackEach campaign(Console console, Services core, Progress progress) {
    Found found = find(console, core);
    Campaign.Setting setting =
        new Campaign.Setting(
            found.suite(),
            found.model(),
            found.scorer(),
            Drawn.AS_THE_SUITE_SAYS.withSteps(steps.steps()),
            choice(console),
            shard(),
            out);
    List<ConceptPair> pairs = each.pairs(found.suite());
    Map<String, PromptPlan> plans = new LinkedHashMap<>();
    // A list that lacks one of the concepts is known before hours of work.
    pairs.forEach(
        pair -> plans.put(pair.concept(), prompts.of(found.suite(), pair.concept(), console)));
    return new AttackEach(
        new Campaign(setting, core, progress),
        pairs,
        each.ways(found.model().path(), budget.ofMethods(), console),
        new AttackEach.Asked(AttackChoice.of(attacks), budget.of(found.kind()), plans));
  }
}

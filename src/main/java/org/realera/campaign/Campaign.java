package org.realera.campaign;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.NeedsForce;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.Version;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.ReportSettings.Pictures;
import org.realera.erase.EraseRequest;
import org.realera.eval.Drawn;
import org.realera.eval.EvalRequest;
import org.realera.eval.EvalResult;
import org.realera.eval.Subject;
import org.realera.eval.attack.AttackRequest;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.Suite.Sampler;
import org.realera.files.FileNames;
import org.realera.tensor.ComputeChoice;

/**
 * Many erasures and their evaluations in one folder: {@code original/} is the run of the model
 * itself, {@code models/} holds what was erased, {@code runs/} what was measured. Everything that
 * is complete is left as it is, so that an interrupted campaign goes on.
 */
public final class Campaign {
  private static final String ALL = "all";

  private final Setting setting;
  private final Runner runner;
  private final Progress progress;

  /**
   * What all erasures of a campaign share.
   *
   * @param model the model to erase from
   * @param scorer where the suite's scorer is
   * @param drawn what is drawn otherwise than the suite says; how many images of a prompt, and what
   *     is for one model alone, each run says
   * @param compute where and in which type networks run
   * @param shard the part of every run's images to draw, or of the models to make
   * @param out the folder of models, runs and the page
   */
  public record Setting(
      Suite suite,
      ModelRef model,
      ModelRef scorer,
      Drawn drawn,
      ComputeChoice compute,
      Shard shard,
      Path out) {

    /** An evaluation's own, for all of them. */
    public static Setting of(EvalRequest request, ComputeChoice compute) {
      return new Setting(
          request.suite(),
          request.model(),
          request.scorer(),
          request.drawn(),
          compute,
          request.shard(),
          request.out());
    }

    public Setting {
      drawn = drawn.ofAnyModel();
    }
  }

  /**
   * @param runner erases and measures
   */
  public Campaign(Setting setting, Runner runner, Progress progress) {
    this.setting = setting;
    this.runner = runner;
    this.progress = progress;
  }

  /**
   * The concept with the anchor asked for, or else the suite's.
   *
   * @throws RealeraException (usage) if the suite has no such concept, or no anchor for it
   */
  public static ConceptPair pair(Suite suite, String concept, @Nullable String anchor) {
    return pair(suite, concept, anchor, "Give --anchor.");
  }

  private static ConceptPair pair(
      Suite suite, String concept, @Nullable String anchor, String remedy) {
    String target = anchor == null ? suite.concept(concept).anchor() : anchor;
    if (target == null) {
      throw RealeraException.usage(
          "suite " + suite.name() + " names no anchor for '" + concept + "'", remedy);
    }
    return new ConceptPair(concept, target);
  }

  /**
   * Concepts of a suite with its anchors.
   *
   * @param concepts names of the suite, or {@code all} alone for every one
   * @param then what is done with an erased model: {@code measure}
   * @throws RealeraException (usage) if the suite has no concepts, or not these, or one is named
   *     twice
   */
  public static List<ConceptPair> pairs(Suite suite, List<String> concepts, String then) {
    if (suite.concepts().isEmpty()) {
      throw RealeraException.usage(
          "suite " + suite.name() + " names no concepts to erase",
          "Erase with realera erase, then " + then + " that model with this suite.");
    }
    List<String> names =
        concepts.equals(List.of(ALL))
            ? suite.concepts().stream().map(Suite.Concept::name).toList()
            : concepts;
    requireApart(names);
    String remedy = "Name one in the suite, or leave the concept out of --erase.";
    return names.stream().map(name -> pair(suite, name, null, remedy)).toList();
  }

  /** Two of one name would have one folder, and after hours no figures. */
  private static void requireApart(List<String> names) {
    Map<String, String> folders = new HashMap<>();
    for (String name : names) {
      String other = folders.put(FileNames.slug(name), name);
      if (other != null && ConceptPair.isSame(other, name)) {
        throw RealeraException.usage(
            "--erase has \"" + name + "\" twice", "Name each concept once.");
      }
      if (other != null) {
        throw RealeraException.usage(
            "\"%s\" and \"%s\" of --erase would have folders of one name".formatted(other, name),
            "Give each of them an --out of its own.");
      }
    }
  }

  public Suite suite() {
    return setting.suite();
  }

  Path out() {
    return setting.out();
  }

  public ModelRef model() {
    return setting.model();
  }

  ModelRef scorer() {
    return setting.scorer();
  }

  /** How images are drawn. */
  Sampler sampler() {
    return setting.drawn().changed(setting.suite().sampler());
  }

  Shard shard() {
    return setting.shard();
  }

  void note(String line) {
    progress.note(line);
  }

  /** The same with all images of every run. */
  Campaign whole() {
    Setting whole =
        new Setting(
            setting.suite(),
            setting.model(),
            setting.scorer(),
            setting.drawn(),
            setting.compute(),
            Shard.WHOLE,
            setting.out());
    return new Campaign(whole, runner, progress);
  }

  boolean isSharded() {
    return setting.shard().count() > 1;
  }

  /** An earlier run as what to compare with. */
  static ModelRef source(Path run) {
    return new ModelRef(run.toString(), run);
  }

  /**
   * Draws and scores the original model.
   *
   * @param concept the only concept that will be erased, or null for all words of the suite
   * @return its run folder
   */
  Path original(@Nullable String concept, @Nullable String anchor, @Nullable Integer samples) {
    Path out = setting.out().resolve("original");
    EvalRequest request =
        request(setting.model(), null, new Subject(concept, anchor, "original"), samples, out);
    runner.evaluate(request, setting.compute(), progress);
    return out;
  }

  /**
   * Erases and measures. Of SPM, as published, the original is measured with its adapters by
   * facilitated transport.
   *
   * @param name a name for the folders, one for each erasure
   * @param label what tables call it
   * @param original the original model or a run of it, or null for none beside it
   * @return what came of the run, its folder among it
   */
  EvalResult measure(
      String name,
      String label,
      ConceptPair pair,
      EraseRecipe recipe,
      @Nullable Integer samples,
      @Nullable ModelRef original) {
    ModelRef erased = erase(name, pair, recipe);
    return measure(erased, name, Subject.of(pair, label), recipe, samples, original);
  }

  /** The same of a model that {@link #erase} gave. */
  EvalResult measure(
      ModelRef erased,
      String name,
      Subject subject,
      EraseRecipe recipe,
      @Nullable Integer samples,
      @Nullable ModelRef original) {
    boolean adapts = recipe.method() == MethodName.SPM;
    EvalRequest request =
        request(
            adapts ? setting.model() : erased,
            original,
            subject,
            samples,
            setting.out().resolve("runs").resolve(name));
    return runner.evaluate(
        adapts ? request.adapted(erased.path()) : request, setting.compute(), progress);
  }

  /** Erases; a model that is complete is left as it is. */
  ModelRef erase(String name, ConceptPair pair, EraseRecipe recipe) {
    Path edited = edited(name);
    EraseRequest request =
        new EraseRequest(
            setting.model(), single(pair, recipe), edited, setting.compute(), true, false);
    try {
      runner.erase(request, new NamedTasks(name, progress));
    } catch (NeedsForce e) {
      throw unforced(e, request);
    }
    return new ModelRef(name, edited);
  }

  /** An evaluation has no such option: what stands in the way is removed by hand. */
  private static RealeraException unforced(NeedsForce e, EraseRequest request) {
    String there =
        Stream.of(request.out(), request.state())
            .filter(Files::exists)
            .map(Path::toString)
            .collect(Collectors.joining(" and "));
    String remedy =
        there.isEmpty()
            ? "Choose another --out."
            : "Remove " + there + ", or choose another --out.";
    return new RealeraException(e.kind(), String.valueOf(e.getMessage()), remedy, e);
  }

  /**
   * The recipe for one concept, whose images an evaluation will show.
   *
   * @throws RealeraException (usage) if the recipe holds the concept
   */
  static EraseRecipe single(ConceptPair pair, EraseRecipe recipe) {
    return recipe.with("concepts", List.of(pair)).with("report.pictures", Pictures.NEVER);
  }

  /** Attacks a model. */
  void attack(AttackRequest request) {
    runner.attack(request, setting.compute(), progress);
  }

  /**
   * Measures the model itself, guided away from a concept by Safe Latent Diffusion.
   *
   * @param strength one of the published ones; the other parameters are those of {@link #measure}
   */
  EvalResult guide(
      String name,
      String label,
      ConceptPair pair,
      String strength,
      @Nullable Integer samples,
      @Nullable ModelRef original) {
    EvalRequest request =
        request(
            setting.model(),
            original,
            Subject.of(pair, label),
            samples,
            setting.out().resolve("runs").resolve(name));
    return runner.evaluate(request.awayFrom(pair.concept(), strength), setting.compute(), progress);
  }

  /** The folder of an erased model. */
  Path edited(String name) {
    return setting.out().resolve("models").resolve(name);
  }

  private EvalRequest request(
      ModelRef model,
      @Nullable ModelRef original,
      Subject subject,
      @Nullable Integer samples,
      Path out) {
    return new EvalRequest(
        setting.suite(),
        model,
        original,
        setting.scorer(),
        subject,
        setting.drawn().withSamples(samples),
        setting.shard(),
        out,
        Version.current());
  }
}

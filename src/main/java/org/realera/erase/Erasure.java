package org.realera.erase;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.realera.NeedsForce;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Extent;
import org.realera.checkpoint.Manifest;
import org.realera.concept.Concept;
import org.realera.concept.NearbyWords;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeWriter;
import org.realera.convert.EditsFile;
import org.realera.convert.OtherPrograms;
import org.realera.convert.Target;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.Verdict;
import org.realera.erase.ReportImages.Subject;
import org.realera.files.Environment;
import org.realera.files.Json;
import org.realera.method.Method;
import org.realera.method.Methods;
import org.realera.method.Model;
import org.realera.method.Stage;
import org.realera.method.StageTask;
import org.realera.report.EraseReport;
import org.realera.report.EraseReport.Card;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.text.TextModel;
import org.realera.training.WholeWeights;

/**
 * An erasure: opens and checks the model, runs the method, draws the report's images and writes the
 * folder. The method itself is the recipe's, see {@link Methods}.
 */
public final class Erasure {
  private final EraseRequest request;
  private final EraseRecipe recipe;
  private final Method method;
  private final StageLog log;
  private final LongSupplier available;
  private final PeakMemory memory = PeakMemory.fromNow();
  private long unetPasses;

  /** The model's files as they were when they were checked. */
  private @Nullable SourceFiles source;

  private List<DrawnWord> drawn = List.of();

  private Erasure(EraseRequest request, StageLog log, LongSupplier available) {
    this.available = available;
    this.request = request;
    this.recipe = request.recipe().requireComplete();
    this.method = Methods.of(recipe.method());
    this.log = log;
  }

  /**
   * Erases concepts. Whatever happens, the output folder is either complete or as it was.
   *
   * @throws RealeraException for whatever the user can mend
   * @throws org.realera.Stopped if a stop was asked for; says what is saved
   */
  public static EraseResult run(EraseRequest request, Progress progress) {
    PriorCache cache = PriorCache.of(new Environment(System.getenv()));
    return run(request, progress, cache);
  }

  /** The same with another cache. */
  static EraseResult run(EraseRequest request, Progress progress, PriorCache priorCache) {
    return run(request, progress, priorCache, PeakMemory::limit);
  }

  /** The same on a machine with other memory, in bytes. */
  static EraseResult run(
      EraseRequest request, Progress progress, PriorCache priorCache, LongSupplier available) {
    StageLog log = new StageLog(progress, priorCache, System::nanoTime);
    return new Erasure(request, log, available).erase();
  }

  private EraseResult erase() {
    Checkpoint model = Checkpoint.open(request.model().path());
    Compute compute = Engine.compute(request.compute());
    String noImages = noImages(model, compute);
    Extent extent = extent(noImages);
    requireLora(request, model);
    ModelOutput.requireCarried(request, model);
    long trained = trained(model);
    if (trained > 0) {
      WholeWeights.requireMemory(trained, available.getAsLong());
    }
    ModelOutput output = new ModelOutput(request, model);
    try (OutputFolder folder =
        OutputFolder.open(
            request.out(),
            model.location(),
            request.force(),
            request.resume(),
            output.bytes() + WholeWeights.savedBytes(trained))) {
      RunManifest manifest = open(model, compute, extent);
      if (isDone(folder, manifest)) {
        return result(folder, true);
      }
      boolean goesOn = folder.adopt(manifest.settings());
      if (request.resume() && !goesOn) {
        log.note("there is no interrupted run to go on from; starting afresh");
      }
      noteEngine(folder, manifest);
      model.doubtfulPrediction().ifPresent(log::note);
      if (request.to() == Target.SINGLE_FILE) {
        OtherPrograms.notes(model).forEach(log::note);
      }
      log.keepIn(manifest, folder.state());
      try (Model opened = new Model(model, compute);
          NDManager scope = NDManager.newBaseManager(Device.cpu())) {
        erase(opened, folder, output, manifest, noImages, scope);
      } catch (RealeraException e) {
        folder.forsake(e);
        throw folder.named(e);
      }
      return result(folder, false);
    }
  }

  /**
   * Sums of floats depend on the engine and its threads: the bytes may then be those of neither.
   */
  private void noteEngine(OutputFolder folder, RunManifest manifest) {
    List<String> before = folder.computedBefore(Engine.describe());
    if (!before.isEmpty()) {
      log.note(
          "the interrupted run was computed by %s and is resumed by %s: the last bits of the output may differ from an uninterrupted run's"
              .formatted(String.join(" and ", before), Engine.describe()));
      manifest.resumed(before);
    }
  }

  /**
   * Checks that LoRA may say what the method changes, if that is asked for.
   *
   * @throws RealeraException (usage) if it may not
   */
  static void requireLora(EraseRequest request, Checkpoint model) {
    EraseRecipe recipe = request.recipe();
    if (request.to().isLora()) {
      EditsFile.requireLora(
          model, recipe.method().label(), Methods.of(recipe.method()).trainedWhole(recipe));
    }
  }

  /** Why the report will have no images; empty if it will. */
  private String noImages(Checkpoint model, Compute compute) {
    try (Weights unet = model.openUnet()) {
      return ReportImages.reasonAgainst(recipe.report(), unet, compute);
    }
  }

  /** How much of the model is read: where only changes are written, it may be little. */
  private Extent extent(String noImages) {
    boolean changesAlone = request.to() == Target.DELTA || request.to().isLora();
    return changesAlone && method.isClosedForm(recipe) && !noImages.isEmpty()
        ? Extent.TEXT_AND_PROJECTIONS
        : Extent.WHOLE;
  }

  private void erase(
      Model model,
      OutputFolder folder,
      ModelOutput output,
      RunManifest manifest,
      String noImages,
      NDManager scope) {
    Edits edits = method.erase(model, recipe, log, scope);
    unetPasses = model.unetPasses();
    List<Card> cards = noImages.isEmpty() ? draw(model, edits) : List.of();
    write(output, folder, edits.tensors(), manifest, cards, noImages);
  }

  private RunManifest open(Checkpoint model, Compute compute, Extent extent) {
    SourceFiles opened;
    try (StageTask stage = log.stage(Stage.OPEN, 1)) {
      model.verify(extent);
      opened = new SourceFiles(model, extent);
      source = opened;
      String checked =
          extent == Extent.WHOLE
              ? "all tensors"
              : "text encoder and cross-attention, all that is read,";
      stage.end(request.model().name() + ": " + checked + " as expected");
    }
    RunManifest manifest =
        RunManifest.of(
            request.model().name(),
            opened.fingerprints(),
            compute,
            Engine.describe(),
            recipe,
            InputFiles.of(recipe),
            request.to());
    manifest.previous(model.root());
    return manifest;
  }

  /**
   * A complete output of the same settings needs no second run. That is asked before anything else:
   * a run that was killed right after its commit has left both the output and its saved steps.
   */
  private boolean isDone(OutputFolder folder, RunManifest manifest) {
    if (!request.resume() || !folder.exists()) {
      return false;
    }
    try {
      requireSame(request, folder.out(), manifest);
    } catch (RealeraException e) {
      if (request.force() || folder.hasCheckpoint()) {
        return false;
      }
      throw e;
    }
    log.note(folder.out() + " is complete");
    folder.drop();
    return true;
  }

  private static void requireSame(EraseRequest request, Path out, RunManifest manifest) {
    List<String> differences =
        Json.differences(RunManifest.settings(Manifest.read(out)), manifest.settings());
    if (!differences.isEmpty()) {
      throw new NeedsForce(
          Kind.USAGE,
          out + " is complete, with other settings: " + String.join("; ", differences),
          "Replace it with --force, or choose another --out.");
    }
    try {
      ModelOutput.verify(request, out);
    } catch (RealeraException e) {
      throw new NeedsForce(
          e.kind(),
          out + " is not complete any more: " + e.getMessage(),
          "Make it anew with --force, or choose another --out.",
          e);
    }
  }

  /** Numbers of the U-Net that are trained as a whole. */
  private long trained(Checkpoint model) {
    try (Weights unet = model.openUnet()) {
      return WholeWeights.numbers(unet, method.trainedWhole(recipe));
    }
  }

  private List<Card> draw(Model model, Edits edits) {
    List<Subject> subjects = subjects(model);
    Compute compute = model.compute();
    try (StageTask stage = log.stage(Stage.IMAGES, ReportImages.steps(recipe.report(), subjects));
        Painter painter = new Painter(model.checkpoint(), model.unet(), compute, log::note);
        NDManager device = NDManager.newBaseManager(compute.device())) {
      List<String> summary = new ArrayList<>();
      summary.add(ReportImages.summary(recipe, subjects));
      drawn =
          ReportImages.draw(
              recipe,
              subjects,
              painter,
              edits.on(compute.device(), device),
              stage::step,
              summary::add);
      summary.subList(1, summary.size()).forEach(log::note);
      stage.end(String.join("; ", summary));
      return ReportImages.cards(subjects, drawn);
    }
  }

  private List<Subject> subjects(Model model) {
    try (TextModel text = model.loadText();
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      List<String> template = recipe.templates().subList(0, 1);
      List<Concept> concepts = Concept.embed(ReportImages.shown(recipe), template, text, scope);
      return ReportImages.choose(recipe, concepts, new NearbyWords(text));
    }
  }

  private void write(
      ModelOutput output,
      OutputFolder folder,
      Map<String, NDArray> tensors,
      RunManifest manifest,
      List<Card> cards,
      String noImages) {
    Path staging;
    try (StageTask stage = log.stage(Stage.WRITE, 1)) {
      staging = folder.staging();
      SourceFiles opened = Objects.requireNonNull(source);
      opened.requireUnchanged();
      ModelOutput.Written written = output.write(tensors, manifest, staging);
      opened.requireUnchanged();
      log.writeAdapters(staging);
      List<String> leftOut = written.leftOut();
      if (!leftOut.isEmpty()) {
        log.note("left out: " + String.join(", ", leftOut));
      }
      stage.end(written.summary());
      manifest.written(tensors.keySet(), leftOut);
    }
    EraseRequest.Review review = request.review();
    Verdict seen = review == null || drawn.isEmpty() ? null : review.of(drawn);
    if (seen != null) {
      manifest.check(seen);
    }
    String note = noImages.isEmpty() ? ReportImages.note(recipe) + SeenImages.note(seen) : noImages;
    Map<String, String> stages = new LinkedHashMap<>();
    log.summaries().forEach((stage, text) -> stages.put(stage.title(), text));
    new EraseReport(
            ConceptPair.inWords(recipe.concepts()).replace(" -> ", " → "),
            manifest.facts(),
            SeenImages.cards(cards, drawn, seen),
            note,
            manifest.losses(),
            stages,
            RecipeWriter.toYaml(recipe))
        .write(staging.resolve("report.html"));
    Map<String, Number> timings = new LinkedHashMap<>(log.timings());
    timings.put("total", log.seconds());
    timings.put(Manifest.UNET_PASSES, unetPasses);
    memory.bytes().ifPresent(bytes -> timings.put(Manifest.PEAK_MEMORY, bytes));
    manifest.timings(timings);
    manifest.write(staging);
    folder.commit();
  }

  private EraseResult result(OutputFolder folder, boolean alreadyThere) {
    return new EraseResult(
        folder.out(),
        folder.out().resolve(Manifest.FILE),
        folder.out().resolve("report.html"),
        log.summaries(),
        log.seconds(),
        alreadyThere);
  }
}

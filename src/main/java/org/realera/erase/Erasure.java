package org.realera.erase;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.DiffusersWriter;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeWriter;
import org.realera.diffusion.UNet;
import org.realera.erase.AlignmentStage.Aligned;
import org.realera.erase.ClosedFormStage.Projections;
import org.realera.erase.ReportPictures.Subject;
import org.realera.files.Json;
import org.realera.report.EraseReport;
import org.realera.report.EraseReport.Card;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;

/**
 * Erases concepts from a model: Algorithm 1 from the prompts to the written folder. {@link #run} is
 * the place to start reading.
 */
public final class Erasure {
  private final EraseRequest request;
  private final EraseRecipe recipe;
  private final PriorCache priorCache;
  private final StageLog log;

  private Erasure(EraseRequest request, PriorCache priorCache, StageLog log) {
    this.request = request;
    this.recipe = request.recipe().requireConcepts();
    this.priorCache = priorCache;
    this.log = log;
  }

  /**
   * Erases concepts. Whatever happens, the output folder is either complete or as it was.
   *
   * @throws RealeraException for whatever the user can mend
   * @throws Interruption.StoppedException if a stop was asked for; says what is saved
   */
  public static EraseResult run(
      EraseRequest request, ProgressListener listener, Interruption interruption) {
    PriorCache cache = PriorCache.ofUser(System.getenv());
    return run(request, listener, interruption, cache);
  }

  /** The same with another cache. */
  static EraseResult run(
      EraseRequest request,
      ProgressListener listener,
      Interruption interruption,
      PriorCache priorCache) {
    return new Erasure(request, priorCache, new StageLog(listener, interruption)).erase();
  }

  private EraseResult erase() {
    Checkpoint model = Checkpoint.open(request.model());
    Compute compute = Engine.compute(request.device(), request.dtype());
    long bytes = ModelFiles.outputBytes(model.location());
    try (OutputFolder folder =
        OutputFolder.open(
            request.out(), model.location(), request.force(), request.resume(), bytes)) {
      RunManifest manifest = open(model, compute);
      if (isDone(folder, manifest)) {
        return result(folder, true);
      }
      boolean goesOn = folder.adopt(manifest.settings());
      if (request.resume() && !goesOn) {
        log.note("there is no interrupted run to go on from; starting afresh");
      }
      model
          .guessedPrediction()
          .flatMap(guess -> guess.doubt(model.location()))
          .ifPresent(log::note);
      try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
        erase(model, compute, folder, manifest, scope);
      } catch (RealeraException e) {
        throw folder.named(e);
      }
      return result(folder, false);
    }
  }

  /** Algorithm 1. */
  private void erase(
      Checkpoint model,
      Compute compute,
      OutputFolder folder,
      RunManifest manifest,
      NDManager scope) {
    try (Weights unetWeights = model.openUnet()) {
      String noPictures = ReportPictures.reasonAgainst(recipe.report(), unetWeights, compute);
      TextStage.Result text =
          new TextStage(recipe, model, compute, priorCache, manifest, log)
              .run(noPictures.isEmpty(), scope);
      Projections projections = project(text, unetWeights, manifest, scope);
      Map<String, NDArray> tensors = projections.tensors();
      List<Double> losses = List.of();
      List<Card> cards = List.of();
      if (recipe.alignment().enabled() || noPictures.isEmpty()) {
        try (UNet unet = UNet.load(unetWeights, model.unetConfig(), compute)) {
          if (recipe.alignment().enabled()) {
            Aligned aligned =
                new AlignmentStage(recipe, model, unet, unetWeights, compute, folder.state(), log)
                    .run(text.concepts(), tensors, scope);
            tensors = aligned.tensors();
            losses = aligned.losses();
            manifest.result(Stage.ALIGNMENT, Map.of("steps", losses.size()));
          }
          if (noPictures.isEmpty()) {
            cards = draw(model, compute, unet, tensors, text.subjects());
          }
        }
      }
      manifest.losses(losses);
      write(model, folder, tensors, manifest, cards, noPictures);
    }
  }

  private RunManifest open(Checkpoint model, Compute compute) {
    log.begin(Stage.OPEN, 1);
    model.verify();
    model.verifyFinite();
    var fingerprints = model.fingerprints();
    log.end(Stage.OPEN, request.modelRef() + ": all tensors as expected");
    RunManifest manifest =
        RunManifest.of(request.modelRef(), fingerprints, compute, Engine.describe(), recipe);
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
      requireSame(folder.out(), manifest);
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

  private static void requireSame(Path out, RunManifest manifest) {
    List<String> differences =
        Json.differences(RunManifest.settings(RunManifest.read(out)), manifest.settings());
    if (!differences.isEmpty()) {
      throw RealeraException.usage(
          out + " is complete, with other settings: " + String.join("; ", differences),
          "replace it with --force, or choose another --out");
    }
    try {
      Checkpoint.open(out).verify();
    } catch (RealeraException e) {
      throw new RealeraException(
          e.kind(),
          out + " is not complete any more: " + e.getMessage(),
          "make it anew with --force, or choose another --out",
          e);
    }
  }

  /** The products of line 24. */
  private Projections project(
      TextStage.Result text, Weights unet, RunManifest manifest, NDManager scope) {
    Projections projections = ClosedFormStage.project(text.t(), unet, scope);
    Map<String, Object> numbers = new LinkedHashMap<>();
    numbers.put("condition", text.condition());
    numbers.put("mean_relative_change", projections.meanChange());
    numbers.put("relative_change", projections.change());
    manifest.result(Stage.CLOSED_FORM, numbers);
    log.end(
        Stage.CLOSED_FORM,
        String.format(
            Locale.ROOT,
            "one solve (condition %.1e), %d projections, changed by %.1f %% on average",
            text.condition(),
            projections.tensors().size(),
            100 * projections.meanChange()));
    return projections;
  }

  private List<Card> draw(
      Checkpoint model,
      Compute compute,
      UNet unet,
      Map<String, NDArray> tensors,
      List<Subject> subjects) {
    log.begin(Stage.PICTURES, ReportPictures.steps(recipe.report(), subjects));
    try (Painter painter = new Painter(model, unet, compute);
        NDManager device = NDManager.newBaseManager(compute.device())) {
      Edits edits = new Edits(tensors, 1).on(compute.device(), device);
      List<Card> cards =
          ReportPictures.draw(
              recipe, subjects, painter, edits, done -> log.step(Stage.PICTURES, done));
      log.end(Stage.PICTURES, ReportPictures.summary(recipe, subjects));
      return cards;
    }
  }

  private void write(
      Checkpoint model,
      OutputFolder folder,
      Map<String, NDArray> tensors,
      RunManifest manifest,
      List<Card> cards,
      String noPictures) {
    log.begin(Stage.WRITE, 1);
    var staging = folder.staging();
    List<String> leftOut = DiffusersWriter.write(model, tensors, staging);
    EditedCard.write(staging, request.modelRef(), recipe.concepts());
    if (!leftOut.isEmpty()) {
      log.note("left out, for model_index.json does not list it: " + String.join(", ", leftOut));
    }
    log.end(Stage.WRITE, tensors.size() + " tensors replaced, all others byte for byte");
    manifest.result(Stage.WRITE, Map.of("tensors", tensors.keySet(), "left_out", leftOut));
    String note = noPictures.isEmpty() ? ReportPictures.note(recipe) : noPictures;
    Map<String, String> stages = new LinkedHashMap<>();
    log.summaries().forEach((stage, text) -> stages.put(stage.title(), text));
    new EraseReport(
            ConceptPair.inWords(recipe.concepts()).replace(" -> ", " → "),
            manifest.facts(),
            cards,
            note,
            manifest.losses(),
            stages,
            RecipeWriter.toYaml(recipe))
        .write(staging.resolve("report.html"));
    Map<String, Double> timings = new LinkedHashMap<>(log.timings());
    timings.put("total", log.seconds());
    manifest.timings(timings);
    manifest.write(staging);
    folder.commit();
  }

  private EraseResult result(OutputFolder folder, boolean alreadyThere) {
    return new EraseResult(
        folder.out(),
        folder.out().resolve(RunManifest.FILE),
        folder.out().resolve("report.html"),
        log.summaries(),
        log.seconds(),
        alreadyThere);
  }
}

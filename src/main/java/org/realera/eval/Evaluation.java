package org.realera.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.Limits;
import org.realera.diffusion.Drawing;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SpmSource;
import org.realera.eval.metrics.Summary;
import org.realera.eval.report.EvalReport;
import org.realera.eval.run.ImagePlan;
import org.realera.eval.run.ModelPair;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.RunInfo.Scoring;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.Suite.Sampler;
import org.realera.eval.suite.SuiteReader;
import org.realera.files.FolderLock;
import org.realera.tensor.ComputeChoice;

/**
 * Measures a model with a suite: draws what is missing, scores all of it, sums up. A run that was
 * killed goes on where it stopped and ends with the same bytes.
 */
public final class Evaluation {
  private final EvalBackend backend;
  private final Progress progress;

  Evaluation(EvalBackend backend, Progress progress) {
    this.backend = backend;
    this.progress = progress;
  }

  /**
   * Measures a model on the real engine.
   *
   * @throws RealeraException (usage) if the anchor is the concept itself or the run folder was made
   *     with other settings; (failed) while another run writes into it
   * @throws org.realera.Stopped if that was asked for
   */
  public static EvalResult run(EvalRequest request, ComputeChoice compute, Progress progress) {
    return new Evaluation(new EngineBackend(compute), progress).run(request);
  }

  EvalResult run(EvalRequest request) {
    final long start = System.nanoTime();
    String concept = request.subject().concept();
    String anchor = request.subject().anchor();
    if (concept != null && anchor != null) {
      ConceptPair.requireOther(concept, anchor);
    }
    checkFid(request);
    return FolderLock.during(request.out(), () -> run(request, start));
  }

  private EvalResult run(EvalRequest request, long start) {
    ModelRef baseline = request.baseline();
    Optional<RunInfo> earlier =
        baseline == null ? Optional.empty() : RunFiles.readRun(baseline.path());
    RunInfo model = model(request);
    if (!model.scoring().kind().isClip()) {
      // Known before hours of drawing: a missing runtime, a wrong file, a name it does not know.
      backend.scorer(request.scorer().path(), model).close();
    }
    RunInfo original = null;
    if (baseline != null) {
      original =
          earlier
              .map(run -> ImagePass.sameSettings(model, run, baseline.path()))
              .orElseGet(() -> info(request, baseline, "original", null, null));
      Baselines.doubt(
              request.model(), model.modelFingerprint(), baseline, original, earlier.isPresent())
          .ifPresent(progress::note);
    }
    ImagePass drawing = new ImagePass(backend, progress);
    drawing.prepare(request.out(), model);
    drawing.draw(request.out(), model, request.model().path(), request.drawn().spm());
    Path originalFolder = request.out().resolve(RunFiles.BASELINE);
    if (baseline != null && original != null) {
      drawing.prepare(originalFolder, original);
      if (earlier.isPresent()) {
        drawing.take(baseline.path(), originalFolder, original);
      } else {
        drawing.draw(originalFolder, original, baseline.path(), null);
      }
    }
    ModelRun scored;
    ModelRun scoredOriginal = null;
    try (ScoringPass scoring = new ScoringPass(backend, progress, request.scorer().path(), model)) {
      scored = scoring.score(request.out(), model);
      if (original != null) {
        scoredOriginal = scoring.score(originalFolder, original);
      }
    }
    scored = withFid(scored, request);
    scoredOriginal = scoredOriginal == null ? null : withFid(scoredOriginal, request);
    Summary summary = null;
    Path report = null;
    if (request.shard().isWhole()) {
      summary = EvalReport.write(request.out(), List.of(new ModelPair(scored, scoredOriginal)));
      report = request.out().resolve(RunFiles.REPORT);
    }
    return new EvalResult(
        request.out(),
        request.shard(),
        summary,
        report,
        drawing.drawn(),
        drawing.kept(),
        (System.nanoTime() - start) / 1e9);
  }

  /** The Frechet distance is one of all images together: parts of it can't be put together. */
  private static void checkFid(EvalRequest request) {
    Suite.Fid fid = request.suite().fid();
    if (fid == null) {
      return;
    }
    if (!request.shard().isWhole()) {
      throw RealeraException.usage(
          "FID is measured over all pictures, not over shard " + request.shard(),
          "Leave --inception and --reference out, and run realera eval score fid over the images"
              + " folders of all shards.");
    }
    FidPass.check(fid);
  }

  private ModelRun withFid(ModelRun run, EvalRequest request) {
    Suite.Fid fid = request.suite().fid();
    return fid == null
        ? run
        : new ModelRun(
            run.info(), run.images(), run.roots(), FidPass.measure(run, fid, backend, progress));
  }

  /** The run of the model under test. */
  private RunInfo model(EvalRequest request) {
    SafeGuidance safe = request.drawn().safe();
    String label = request.subject().label();
    if (label == null) {
      label = safe == null ? adapted(request) : "SLD " + safe.settings().name();
    }
    Path spm = request.drawn().spm();
    // Known before hours of drawing, too.
    SpmSource adapters = spm == null ? null : backend.adapters(spm, request.model().path());
    AlsoErased others = AlsoErased.of(request);
    if (!others.unnamed().isEmpty()) {
      progress.note(others.unnamed());
    }
    String also = others.among(request.suite().sets(request.subject().concept()));
    if (also != null) {
      progress.note(others.told() + also);
    }
    RunInfo info = info(request, request.model(), label, safe, adapters);
    if (safe != null) {
      // Known before hours of drawing: lists give their prompts a guidance of their own.
      info.plan().batches(info.shard()).stream()
          .flatMap(List::stream)
          .forEach(image -> safe.requireGuidance(image.guidance(info.sampler())));
      safe.idle(info.sampler().steps()).ifPresent(progress::note);
    }
    return info;
  }

  private static String adapted(EvalRequest request) {
    return request.drawn().spm() == null ? request.model().shortName() : "SPM";
  }

  private RunInfo info(
      EvalRequest request,
      ModelRef source,
      String label,
      @Nullable SafeGuidance safe,
      @Nullable SpmSource spm) {
    Suite suite = request.suite();
    Drawn drawn = request.drawn();
    Sampler sampler = drawn.changed(suite.sampler());
    String concept = request.subject().concept();
    String anchor = request.subject().anchor();
    if (anchor == null && concept != null) {
      anchor = suite.concept(concept).anchor();
    }
    Labels labels = suite.labels(anchor);
    List<ImageSet> sets = AlsoErased.of(request).without(suite.sets(concept));
    int samples = drawn.samples() == null ? suite.samples() : drawn.samples();
    int batch = drawn.batch() == null ? batchFor(sampler) : drawn.batch();
    requireCountable(suite, new ImagePlan(sets, samples, batch));
    return new RunInfo(
        RunInfo.SCHEMA,
        request.tool(),
        suite.name(),
        label,
        source.name(),
        backend.fingerprint(source.path()),
        concept,
        anchor,
        sets,
        samples,
        sampler,
        safe,
        spm,
        batch,
        backend.device(),
        backend.dtype(),
        request.shard(),
        suite.published(),
        new Scoring(
            request.scorer().name(),
            backend.scorerFingerprint(request.scorer().path()),
            suite.scorer().prompt(),
            labels,
            suite.scorer().kind(),
            suite.metrics(),
            suite.scorer().threshold()));
  }

  /** Before the list is made, and before run.json says what it could not be read back from. */
  private static void requireCountable(Suite suite, ImagePlan plan) {
    if (plan.size() > Limits.IMAGES) {
      throw RealeraException.usage(
          "suite %s with %s samples is %s images, expected at most %s"
              .formatted(suite.name(), plan.samples(), plan.size(), Limits.IMAGES),
          "Take fewer with --samples, or a shorter list of prompts.");
    }
  }

  /** The suite itself, or the one it names for models as small as this. */
  public static Suite fitting(Suite suite, int nativeSize) {
    Suite.SmallModels small = suite.smallModels();
    return small != null && nativeSize < small.nativeSizeBelow()
        ? SuiteReader.read(small.suite())
        : suite;
  }

  /** As many as fill the device; the same for the same settings, since it is part of them. */
  private int batchFor(Sampler sampler) {
    return Drawing.groupSize(!sampler.small(), !backend.device().equals("cpu"));
  }
}

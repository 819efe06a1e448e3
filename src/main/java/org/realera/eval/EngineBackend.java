package org.realera.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.diffusion.SpmFile;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.RunInfo.Scoring;
import org.realera.eval.suite.ImageSet;
import org.realera.scorer.FidScorer;
import org.realera.scorer.Scorer;
import org.realera.scorer.Scorers;
import org.realera.scorer.nudenet.NudeNetSettings;
import org.realera.tensor.Compute;
import org.realera.tensor.ComputeChoice;

/** Models in diffusers folders and scorers of every kind, on the tensor engine. */
final class EngineBackend extends EngineProvenance implements EvalBackend {
  /**
   * Starts the engine.
   *
   * @throws org.realera.RealeraException (usage) for a GPU that is not there
   */
  EngineBackend(ComputeChoice choice) {
    super(choice);
  }

  @Override
  public Painter painter(Path model, @Nullable Path spm, Consumer<String> notes) {
    Checkpoint opened = Checkpoint.open(model);
    opened.doubtfulPrediction().ifPresent(notes);
    SpmFile adapters = spm == null ? null : SpmFile.read(spm, opened);
    return new ModelPainter(Pipeline.load(opened, compute(), adapters, notes));
  }

  /** The scorer is small and its figures are compared between machines: always fp32. */
  @Override
  public Scorer scorer(Path model, RunInfo info) {
    Compute fp32 = compute().inFp32();
    Scoring scoring = info.scoring();
    return switch (scoring.kind()) {
      case CLIP_CLASSIFIER -> Scorers.classifier(model, scoring.labelPrompts(), fp32);
      case CLIP_SCORE -> Scorers.clip(model, fp32);
      case CELEBRITY -> {
        List<String> people = info.sets().stream().map(ImageSet::subject).distinct().toList();
        yield Scorers.celebrity(model, people, fp32);
      }
      case NUDENET ->
          Scorers.nudeNet(model, NudeNetSettings.of(scoring.threshold(), scoring.labels().names()));
    };
  }

  @Override
  public FidScorer fid(Path network, Path reference) {
    return Scorers.fid(network, reference, FidPass.RESIZING, compute().inFp32());
  }

  private record ModelPainter(Pipeline pipeline) implements Painter {
    @Override
    public List<Image> paint(List<ImageRequest> batch) {
      return pipeline.draw(batch, done -> {});
    }

    @Override
    public void close() {
      pipeline.close();
    }
  }
}

package org.realera.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.realera.Progress;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelCard;
import org.realera.diffusion.Drawing;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.diffusion.SpmFile;
import org.realera.hub.HubSettings;
import org.realera.hub.ModelLocator;
import org.realera.hub.PullRequest;
import org.realera.hub.Wanted;
import org.realera.tensor.Compute;
import org.realera.tensor.Engine;

/** The real thing. */
class LiveServices implements Services {
  private final Console console;
  private final Interruption interruption;

  /**
   * @param console shows how a model is fetched
   */
  LiveServices(Console console, Interruption interruption) {
    this.console = console;
    this.interruption = interruption;
  }

  @Override
  public Path find(String reference, Map<String, String> env) {
    return ModelLocator.locate(reference, env);
  }

  @Override
  public Path locate(String reference, Wanted wanted, Map<String, String> env) {
    Optional<String> name = ModelLocator.hubName(reference, env);
    if (name.isPresent() && !HubSettings.of(env).cache().hasWhole(name.get())) {
      try (ConsoleProgress progress = new ConsoleProgress(Display.on(console), interruption)) {
        pull(PullRequest.of(name.get(), wanted), env, progress);
      }
    }
    return ModelLocator.locate(reference, wanted, env);
  }

  @Override
  public ImageOutput generate(GenerateRequest request, Map<String, String> env, Progress progress) {
    Checkpoint model = Checkpoint.open(locate(request.model(), env));
    Path spm = request.spm();
    SpmFile adapters = spm == null ? null : SpmFile.read(spm, model);
    int side = Pipeline.nativeSize(model);
    List<ImageRequest> wanted =
        request.images(ModelCard.of(model.root(), Recipes.NAMES), new ImageSize(side, side));
    ImageOutput files =
        ImageOutput.plan(
            request.out(), request.model(), spm, wanted, request.count(), request.force());
    Compute compute = Engine.compute(request.compute());
    model.doubtfulPrediction().ifPresent(progress::note);
    Drawing.run(model, adapters, compute, wanted, progress, files::left, files::add);
    return files;
  }
}

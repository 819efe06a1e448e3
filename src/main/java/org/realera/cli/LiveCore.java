package org.realera.cli;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.realera.checkpoint.CrossAttention;
import org.realera.checkpoint.DiffusersModel;
import org.realera.checkpoint.ModelLocator;
import org.realera.diffusion.SamplingRequest;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.erase.Erasure;
import org.realera.erase.Interruption;
import org.realera.erase.ProgressListener;
import org.realera.hub.HubSettings;
import org.realera.hub.PullRequest;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.tensor.Weights;

/** The real thing. */
class LiveCore implements Core {
  private final Console console;
  private final Interruption interruption;

  /**
   * @param console shows how a model is fetched
   */
  LiveCore(Console console, Interruption interruption) {
    this.console = console;
    this.interruption = interruption;
  }

  @Override
  public Path find(String reference, Map<String, String> env) {
    return ModelLocator.locate(reference, env);
  }

  @Override
  public Path locate(String reference, Map<String, String> env) {
    Optional<String> name = ModelLocator.hubName(reference, env);
    if (name.isPresent() && !HubSettings.of(env).cache().hasWhole(name.get())) {
      try (Progress progress = Progress.on(console)) {
        pull(
            PullRequest.of(name.get()),
            env,
            new PullProgress(progress, name.get(), System::nanoTime, interruption));
      }
    }
    return find(reference, env);
  }

  @Override
  public Map<String, String> describe(EraseRequest request) {
    DiffusersModel model = DiffusersModel.open(request.model());
    int side = model.unetConfig().sampleSize() * model.vaeConfig().scale();
    int width = model.textConfig().hiddenSize();
    Map<String, String> words = new LinkedHashMap<>();
    try (Weights unet = model.openUnet()) {
      words.put(
          "network",
          String.format(
              Locale.ROOT,
              "%d x %d pixels, text of width %d, %d projections to change",
              side,
              side,
              width,
              CrossAttention.projections(unet).size()));
    }
    Compute compute = Engine.compute(request.device(), request.dtype());
    words.put("device", words(compute));
    return words;
  }

  private static String words(Compute compute) {
    Device device = compute.device();
    String name = device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu";
    return name + ", " + compute.precision().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public EraseResult erase(
      EraseRequest request, ProgressListener listener, Interruption interruption) {
    return Erasure.run(request, listener, interruption);
  }

  @Override
  public PictureFiles generate(
      GenerateRequest request,
      Map<String, String> env,
      Progress progress,
      Interruption interruption) {
    DiffusersModel model = DiffusersModel.open(locate(request.model(), env));
    int side = model.unetConfig().sampleSize() * model.vaeConfig().scale();
    List<SamplingRequest> wanted =
        request.pictures(ModelCard.of(model.root()), new ImageSize(side, side));
    PictureFiles files =
        PictureFiles.plan(request.out(), request.model(), wanted, request.count(), request.force());
    Compute compute = Engine.compute(request.device(), request.dtype());
    progress.begin("Load the model", 1);
    try (LoadedModel loaded = new LoadedModel(model, compute)) {
      draw(loaded, files, progress, interruption);
    }
    return files;
  }

  private static void draw(
      LoadedModel loaded, PictureFiles files, Progress progress, Interruption interruption) {
    List<SamplingRequest> wanted = files.requests();
    progress.begin("Draw", wanted.stream().mapToLong(SamplingRequest::steps).sum());
    int atOnce = loaded.picturesAtOnce(wanted.get(0));
    long before = 0;
    for (int from = 0; from < wanted.size(); from += atOnce) {
      List<SamplingRequest> some = wanted.subList(from, Math.min(wanted.size(), from + atOnce));
      long start = before;
      files.add(
          loaded
              .sampler()
              .sample(
                  some,
                  Edits.NONE,
                  (done, total) -> {
                    interruption.check("pictures that were complete are written");
                    progress.advance(start + done, "");
                  }));
      before += some.stream().mapToLong(SamplingRequest::steps).sum();
    }
    progress.end();
  }
}

package org.realera.cli;

import ai.djl.Device;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.CrossAttention;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.ImageSampler;
import org.realera.diffusion.Pipeline;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.erase.Erasure;
import org.realera.erase.Interruption;
import org.realera.erase.ProgressListener;
import org.realera.hub.HubSettings;
import org.realera.hub.ModelLocator;
import org.realera.hub.PullRequest;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;

/** The real thing. */
class LiveServices implements Services {
  private static final long LARGE = 256 * 256;
  private static final int SMALL_AT_ONCE = 16;
  private static final int GPU_AT_ONCE = 8;

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
    Checkpoint model = Checkpoint.open(request.model());
    int side = Pipeline.nativeSize(model);
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
  public ImageOutput generate(
      GenerateRequest request,
      Map<String, String> env,
      Progress progress,
      Interruption interruption) {
    Checkpoint model = Checkpoint.open(locate(request.model(), env));
    int side = Pipeline.nativeSize(model);
    List<ImageRequest> wanted =
        request.pictures(ModelCard.of(model.root()), new ImageSize(side, side));
    ImageOutput files =
        ImageOutput.plan(request.out(), request.model(), wanted, request.count(), request.force());
    Compute compute = Engine.compute(request.device(), request.dtype());
    model
        .guessedPrediction()
        .flatMap(guess -> guess.doubt(model.location()))
        .ifPresent(line -> progress.note("realera: " + line));
    progress.begin("Load the model", 1);
    try (Pipeline pipeline = Pipeline.load(model, compute)) {
      draw(
          pipeline.sampler(),
          picturesAtOnce(wanted.get(0), compute),
          files,
          progress,
          interruption);
    }
    return files;
  }

  /** How many pictures to draw before the first is written: few where each takes minutes. */
  private static int picturesAtOnce(ImageRequest request, Compute compute) {
    boolean large = (long) request.width() * request.height() >= LARGE;
    return large ? (compute.device().isGpu() ? GPU_AT_ONCE : 1) : SMALL_AT_ONCE;
  }

  private static String cutOff(String prompt) {
    String start = prompt.length() > 60 ? prompt.substring(0, 60) + "..." : prompt;
    return "realera: the model reads only the first 75 tokens of \"" + start + "\"";
  }

  private static void draw(
      ImageSampler sampler,
      int atOnce,
      ImageOutput files,
      Progress progress,
      Interruption interruption) {
    List<ImageRequest> wanted = files.requests();
    wanted.stream()
        .map(ImageRequest::prompt)
        .distinct()
        .filter(sampler::cutsOff)
        .forEach(prompt -> progress.note(cutOff(prompt)));
    progress.begin("Draw", wanted.stream().mapToLong(ImageRequest::steps).sum());
    long before = 0;
    for (int from = 0; from < wanted.size(); from += atOnce) {
      List<ImageRequest> some = wanted.subList(from, Math.min(wanted.size(), from + atOnce));
      long start = before;
      files.add(
          sampler.sample(
              some,
              Edits.NONE,
              (done, total) -> {
                interruption.check("pictures that were complete are written");
                progress.advance(start + done, "");
              }));
      before += some.stream().mapToLong(ImageRequest::steps).sum();
    }
    progress.end();
  }
}

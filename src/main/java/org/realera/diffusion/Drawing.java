package org.realera.diffusion;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.tensor.Compute;

/** Draws many images with one model, a group at a time, so that what is complete can be kept. */
public final class Drawing {
  private static final long LARGE = 256 * 256;
  private static final int SMALL_AT_ONCE = 16;
  private static final int GPU_AT_ONCE = 8;
  private static final int SHOWN = 60;
  private static final int TOLD = 8;

  private Drawing() {}

  /**
   * Loads the model and draws.
   *
   * @param spm adapters to draw with, read for this model; null for none
   * @param requests at least one, all of the same size
   * @param left what a run that stops now leaves, in words
   * @param drawn takes the next images, in the order of the requests
   * @throws RealeraException as {@link Pipeline#load}; as {@link ImageSampler#sample}
   */
  public static void run(
      Checkpoint model,
      @Nullable SpmFile spm,
      Compute compute,
      List<ImageRequest> requests,
      Progress progress,
      Supplier<String> left,
      Consumer<List<Image>> drawn) {
    progress.begin("Load the model", 1);
    try (Pipeline pipeline = Pipeline.load(model, compute, spm, progress::note)) {
      draw(pipeline, groupSize(requests.get(0), compute), requests, progress, left, drawn);
    }
  }

  /** How many images to draw before the first is kept. */
  static int groupSize(ImageRequest request, Compute compute) {
    return groupSize((long) request.width() * request.height() >= LARGE, compute.isGpu());
  }

  /** How many images are drawn in one go: few where each takes minutes. */
  public static int groupSize(boolean large, boolean gpu) {
    return large ? (gpu ? GPU_AT_ONCE : 1) : SMALL_AT_ONCE;
  }

  private static void draw(
      Pipeline pipeline,
      int atOnce,
      List<ImageRequest> requests,
      Progress progress,
      Supplier<String> left,
      Consumer<List<Image>> drawn) {
    requests.stream()
        .flatMap(Drawing::texts)
        .distinct()
        .filter(pipeline.sampler()::cutsOff)
        .forEach(prompt -> progress.note(cutOff(prompt)));
    requests.stream().flatMap(Drawing::idle).distinct().forEach(progress::note);
    FacilitatedTransport transport = pipeline.transport();
    if (transport != null) {
      tell(transport, requests, progress);
    }
    progress.begin("Draw", steps(requests));
    Sameness sameness = new Sameness();
    long before = 0;
    for (int from = 0; from < requests.size(); from += atOnce) {
      List<ImageRequest> some = requests.subList(from, Math.min(requests.size(), from + atOnce));
      long start = before;
      List<Image> images =
          pipeline.draw(
              some,
              done -> {
                progress.check(left.get());
                progress.step(start + done);
              });
      images.forEach(sameness::add);
      drawn.accept(images);
      before += steps(some);
    }
    progress.end("");
    if (requests.stream().distinct().count() == requests.size()) {
      sameness.finding().ifPresent(progress::note);
    }
  }

  /** How far the first prompts take the adapters. */
  private static void tell(
      FacilitatedTransport transport, List<ImageRequest> requests, Progress progress) {
    List<String> prompts = requests.stream().map(ImageRequest::prompt).distinct().toList();
    prompts.stream()
        .limit(TOLD)
        .forEach(
            prompt ->
                progress.note(
                    "SPM: " + transport.describe(prompt) + " in \"" + begin(prompt) + "\""));
    if (prompts.size() > TOLD) {
      progress.note("SPM: so for " + (prompts.size() - TOLD) + " prompts more, each for itself");
    }
  }

  /** What was asked for and changes nothing. */
  private static Stream<String> idle(ImageRequest request) {
    SafeGuidance safe = request.safe();
    if (safe != null) {
      return safe.idle(request.steps()).stream();
    }
    return request.hasNegative() && !request.guided()
        ? Stream.of(
            "guidance " + request.guidance() + " is none: the negative prompt changes nothing")
        : Stream.empty();
  }

  private static Stream<String> texts(ImageRequest request) {
    SafeGuidance safe = request.safe();
    String negative = request.steersAway() ? request.negativePrompt() : "";
    return safe == null
        ? Stream.of(request.prompt(), negative)
        : Stream.of(request.prompt(), negative, safe.text());
  }

  private static String cutOff(String prompt) {
    return "the model reads only the first 75 tokens of \"" + begin(prompt) + "\"";
  }

  private static String begin(String prompt) {
    return prompt.length() > SHOWN ? prompt.substring(0, SHOWN) + "..." : prompt;
  }

  private static long steps(List<ImageRequest> requests) {
    return requests.stream().mapToLong(ImageRequest::steps).sum();
  }
}

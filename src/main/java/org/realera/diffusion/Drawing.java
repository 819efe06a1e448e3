package org.realera.diffusion;

import java.util.List;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;

/** Draws many images with one model, a group at a time, so that what is complete can be kept. */
public final class Drawing {
  private static final long LARGE = 256 * 256;
  private static final int SMALL_AT_ONCE = 16;
  private static final int GPU_AT_ONCE = 8;

  private Drawing() {}

  /** Takes the images and hears how far it is. */
  public interface Listener {
    /**
     * The model is loaded.
     *
     * @param steps sampling steps of all images together
     * @param cutOff prompts of which the text encoder reads only the beginning
     */
    void begun(long steps, List<String> cutOff);

    /** So many steps are done in all; may throw to stop. */
    void advanced(long steps);

    /** The next images, in the order of the requests. */
    void drawn(List<Image> images);
  }

  /**
   * Loads the model and draws.
   *
   * @param requests at least one, all of the same size
   * @throws RealeraException as {@link Pipeline#load}; (failed) if a latent is not finite
   */
  public static void run(
      Checkpoint model, Compute compute, List<ImageRequest> requests, Listener listener) {
    try (Pipeline pipeline = Pipeline.load(model, compute)) {
      draw(pipeline.sampler(), groupSize(requests.get(0), compute), requests, listener);
    }
  }

  /** How many images to draw before the first is kept: few where each takes minutes. */
  private static int groupSize(ImageRequest request, Compute compute) {
    boolean large = (long) request.width() * request.height() >= LARGE;
    return large ? (compute.isGpu() ? GPU_AT_ONCE : 1) : SMALL_AT_ONCE;
  }

  private static void draw(
      ImageSampler sampler, int atOnce, List<ImageRequest> requests, Listener listener) {
    listener.begun(
        steps(requests),
        requests.stream().map(ImageRequest::prompt).distinct().filter(sampler::cutsOff).toList());
    long before = 0;
    for (int from = 0; from < requests.size(); from += atOnce) {
      List<ImageRequest> some = requests.subList(from, Math.min(requests.size(), from + atOnce));
      long start = before;
      listener.drawn(
          sampler.sample(some, Edits.NONE, (done, total) -> listener.advanced(start + done)));
      before += steps(some);
    }
  }

  private static long steps(List<ImageRequest> requests) {
    return requests.stream().mapToLong(ImageRequest::steps).sum();
  }
}

package org.realera.diffusion;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongConsumer;
import org.realera.RealeraException;
import org.realera.tensor.Batches;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Finite;
import org.realera.tensor.Noise;
import org.realera.text.ClipTextEncoder;
import org.realera.text.ClipTokenizer;

/**
 * Draws images as diffusers' {@code StableDiffusionPipeline} does with a {@code DDIMScheduler} and
 * a CPU generator per image: the same request gives the same image.
 *
 * <p>Each image has its own initial noise, drawn on the CPU in fp32 from its own seed, and rounding
 * aside does not depend on which others are drawn along with it. Borrows all its parts.
 */
public final class ImageSampler {
  private static final int MOST_AT_ONCE = 32;

  private final ClipTokenizer tokenizer;
  private final ClipTextEncoder encoder;
  private final UNet unet;
  private final Vae vae;
  private final DdimScheduler scheduler;
  private final Compute compute;
  private final Batches fitting = new Batches("pictures");

  /** A sampler over loaded parts. */
  public ImageSampler(
      ClipTokenizer tokenizer,
      ClipTextEncoder encoder,
      UNet unet,
      Vae vae,
      DdimScheduler scheduler,
      Compute compute) {
    this.tokenizer = tokenizer;
    this.encoder = encoder;
    this.unet = unet;
    this.vae = vae;
    this.scheduler = scheduler;
    this.compute = compute;
  }

  /**
   * Draws images.
   *
   * @param edits of the U-Net; on the compute device
   * @return an image for each request, in order
   * @throws RealeraException (usage) for a size or a number of steps that the model can't do;
   *     (failed) where latents or embeddings overflow; (damaged) where the VAE's pixels or, in
   *     fp32, the text encoder's numbers are not finite; (resources) when memory does not hold a
   *     single one. Where it does not hold a whole batch, fewer are drawn at a time
   */
  public List<Image> sample(List<ImageRequest> requests, Edits edits, LongConsumer progress) {
    List<Image> images = new ArrayList<>();
    Counter counter = new Counter(progress);
    for (List<ImageRequest> batch : batches(requests)) {
      fitting.run(
          batch,
          some ->
              counter.attempt(
                  () -> {
                    try (NDManager scope = NDManager.newBaseManager(compute.device())) {
                      images.addAll(decode(denoise(scope, some, edits, counter), some));
                    }
                  }));
    }
    return images;
  }

  /**
   * The latents that {@link #sample} would decode.
   *
   * @return [n, 4, h, w] fp32 on the compute device, owned by {@code scope}
   */
  public NDArray latents(
      NDManager scope, List<ImageRequest> requests, Edits edits, LongConsumer progress) {
    Counter counter = new Counter(progress);
    NDList parts = new NDList();
    for (List<ImageRequest> batch : batches(requests)) {
      fitting.run(
          batch,
          some ->
              counter.attempt(
                  () -> {
                    try (NDManager inner = scope.newSubManager()) {
                      NDArray latents = denoise(inner, some, edits, counter);
                      latents.attach(scope);
                      parts.add(latents);
                    }
                  }));
    }
    return NDArrays.concat(parts);
  }

  /**
   * The batches that requests are drawn in, unless memory runs out: consecutive ones that are
   * alike, as many at a time as suits the device. A batch that is drawn by itself gives the same
   * bits as among the others.
   */
  public List<List<ImageRequest>> batches(List<ImageRequest> requests) {
    List<List<ImageRequest>> batches = new ArrayList<>();
    List<ImageRequest> batch = new ArrayList<>();
    for (ImageRequest request : requests) {
      if (!batch.isEmpty() && (!batch.get(0).alike(request) || batch.size() >= most(request))) {
        batches.add(batch);
        batch = new ArrayList<>();
      }
      batch.add(request);
    }
    if (!batch.isEmpty()) {
      batches.add(batch);
    }
    return batches;
  }

  private long most(ImageRequest request) {
    long positions = (long) request.width() * request.height() / vae.scale() / vae.scale();
    return Math.min(MOST_AT_ONCE, Batches.suiting(compute.device(), positions));
  }

  /** One batch from noise to latents. */
  private NDArray denoise(NDManager scope, List<ImageRequest> batch, Edits edits, Counter counter) {
    ImageRequest first = batch.get(0);
    checkSize(first);
    long[] timesteps = scheduler.timesteps(first.steps());
    Guidance guidance = Guidance.of(scope, batch);
    List<String> texts = guidance.texts();
    NDArray text = withEmbeddings(text(scope, texts), guidance.prompts(), batch);
    NDArray latents = initialNoise(scope, batch);
    for (int i = 0; i < timesteps.length; i++) {
      long timestep = timesteps[i];
      try (NDManager step = NDManager.newBaseManager(compute.device())) {
        NDArray input = repeated(step, latents, texts.size() / batch.size());
        NDArray when = step.full(new Shape(input.getShape().get(0)), (float) timestep);
        NDArray eps = unet.predict(step, input, when, text, edits);
        NDArray output = guidance.combine(step, eps, i);
        NDArray next = scheduler.step(scope, output, timestep, first.steps(), latents);
        latents.close();
        latents = next;
      }
      counter.add(batch.size());
    }
    text.close();
    requireFinite(latents, batch);
    return latents;
  }

  /** A black image would hide it. */
  private void requireFinite(NDArray latents, List<ImageRequest> batch) {
    int broken = Finite.firstBroken(latents);
    if (broken >= 0) {
      throw new RealeraException(
          RealeraException.Kind.FAILED,
          "the model draws no picture of "
              + named(batch.get(broken))
              + ": its latents are NaN or infinite in "
              + compute.precision().label(),
          "Try --dtype fp32; if that is the same, the weights are broken.");
    }
  }

  private static String named(ImageRequest request) {
    return "\"" + request.prompt() + "\", seed " + request.seed();
  }

  /** The VAE has tried fp32 by itself, so that nothing is left but its weights. */
  private static void requirePixels(NDArray images, List<ImageRequest> batch) {
    int broken = Finite.firstBroken(images);
    if (broken >= 0) {
      throw RealeraException.damaged(
          "the VAE draws no picture of "
              + named(batch.get(broken))
              + ": its pixels are NaN or infinite in fp32",
          "The VAE's weights are broken: fetch the model again, or take another one's vae folder.");
    }
  }

  /** Whether the text encoder reads only the beginning of this prompt. */
  public boolean cutsOff(String prompt) {
    return tokenizer.tokenize(prompt).truncated();
  }

  private void checkSize(ImageRequest request) {
    int scale = vae.scale();
    if (request.width() % scale != 0 || request.height() % scale != 0) {
      throw RealeraException.usage(
          "this model can't draw " + request.width() + " x " + request.height(),
          "Use a --size whose sides are multiples of " + scale + ".");
    }
  }

  /** The same latents for each of the predictions that an image needs. */
  private static NDArray repeated(NDManager scope, NDArray latents, int times) {
    if (times == 1) {
      return latents;
    }
    NDArray repeated = NDArrays.concat(new NDList(Collections.nCopies(times, latents)));
    repeated.attach(scope);
    return repeated;
  }

  /** Embeddings, [n, 77, d]. */
  private NDArray text(NDManager scope, List<String> texts) {
    long[][] ids =
        texts.stream().map(prompt -> tokenizer.tokenize(prompt).ids()).toArray(long[][]::new);
    NDArray encoded = encoder.encode(scope, ids);
    encoder.requireFinite(encoded, texts);
    return encoded;
  }

  /** Embeddings with those in the prompts' places that stand for themselves, [n, 77, d]. */
  private static NDArray withEmbeddings(NDArray text, int prompts, List<ImageRequest> batch) {
    if (batch.stream().allMatch(request -> request.embedding() == null)) {
      return text;
    }
    Shape shape = text.getShape().slice(1);
    NDManager scope = text.getManager();
    NDList rows = new NDList();
    for (int i = 0; i < text.getShape().get(0); i++) {
      boolean prompt = i >= prompts && i < prompts + batch.size();
      ImageRequest.Embedding own = prompt ? batch.get(i - prompts).embedding() : null;
      rows.add(own == null ? text.get(i) : scope.create(own.rows(), shape));
    }
    return NDArrays.stack(rows);
  }

  /** {@code torch.randn((1, 4, h, w))} after {@code torch.manual_seed(seed)}, image by image. */
  private NDArray initialNoise(NDManager scope, List<ImageRequest> batch) {
    int scale = vae.scale();
    try (NDManager cpu = NDManager.newBaseManager(Device.cpu())) {
      NDList images = new NDList();
      for (ImageRequest request : batch) {
        Shape shape =
            new Shape(1, vae.latentChannels(), request.height() / scale, request.width() / scale);
        images.add(new Noise(request.seed()).normal(cpu, shape));
      }
      NDArray noise = NDArrays.concat(images).toDevice(compute.device(), false);
      noise.attach(scope);
      return noise;
    }
  }

  /** As few at once as suit a CPU: the VAE's activations dwarf the U-Net's. */
  private List<Image> decode(NDArray latents, List<ImageRequest> batch) {
    List<Image> images = new ArrayList<>();
    long positions = latents.getShape().get(2) * latents.getShape().get(3);
    long atOnce = Batches.suiting(Device.cpu(), positions);
    long count = latents.getShape().get(0);
    for (long from = 0; from < count; from += atOnce) {
      long to = Math.min(count, from + atOnce);
      try (NDManager scope = NDManager.newBaseManager(compute.device());
          NDArray some = latents.get(from + ":" + to)) {
        NDArray pixels = vae.decode(scope, some);
        requirePixels(pixels, batch.subList((int) from, (int) to));
        images.addAll(vae.images(scope, pixels));
      }
    }
    return images;
  }

  /** Counts steps over all batches; those of a batch that is begun anew count once. */
  private static final class Counter {
    private final LongConsumer progress;
    private long done;

    Counter(LongConsumer progress) {
      this.progress = progress;
    }

    /** Work on a batch; if it fails, its steps have not been taken. */
    void attempt(Runnable work) {
      long before = done;
      boolean whole = false;
      try {
        work.run();
        whole = true;
      } finally {
        done = whole ? done : before;
      }
    }

    void add(int images) {
      done += images;
      progress.accept(done);
    }
  }
}

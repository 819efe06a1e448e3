package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.Checkpoint;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.diffusion.SpmFile;
import org.realera.diffusion.UNet;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Resources;
import org.realera.text.TextModel;

/**
 * The erased model and, where an attack needs it, the original, opened for attacks. Networks are
 * loaded when first asked for. The U-Net is there once, with the original's weights: the erased one
 * is the edits of those tensors that differ. Close it.
 */
public final class Victim implements AutoCloseable {
  private final Resources resources = new Resources();
  private final Checkpoint erased;
  private final Checkpoint original;
  private final Compute compute;
  private final @Nullable SpmFile spm;
  private final ImageSettings images;
  private final Consumer<String> notes;
  private @Nullable Weights originalWeights;
  private @Nullable UNet unet;
  private @Nullable Edits edits;
  private @Nullable TextModel text;
  private @Nullable TextModel originalText;
  private @Nullable Pipeline pipeline;
  private @Nullable Pipeline originalPipeline;

  /**
   * @param erased the model that is attacked
   * @param original what it was before
   * @param spm SPM's adapters, which are merged in the erased model, read for the original; null
   *     for none
   * @param compute device and precision of the U-Net
   * @param images how they are drawn
   * @param notes hears what the user should know of the drawing, each once
   */
  public Victim(
      Checkpoint erased,
      Checkpoint original,
      @Nullable SpmFile spm,
      Compute compute,
      ImageSettings images,
      Consumer<String> notes) {
    this.erased = erased;
    this.original = original;
    this.spm = spm;
    this.compute = compute;
    this.images = images;
    this.notes = notes;
  }

  /**
   * An image that is wanted.
   *
   * @param candidate what it is drawn from
   * @param seed of its initial noise
   */
  public record Wanted(Candidate candidate, long seed) {
    /** The prompt's own image. */
    static Wanted of(AttackPrompt prompt) {
      return new Wanted(new Candidate.Words(prompt.text()), prompt.seed());
    }
  }

  public Checkpoint erased() {
    return erased;
  }

  public Checkpoint original() {
    return original;
  }

  public Compute compute() {
    return compute;
  }

  /** The original U-Net's weights. */
  Weights originalWeights() {
    if (originalWeights == null) {
      originalWeights = resources.own(original.openUnet(), Weights::close);
    }
    return originalWeights;
  }

  /** The U-Net: the original without edits, the erased one with {@link #edits()}. */
  UNet unet() {
    if (unet == null) {
      requireSound(original);
      unet =
          resources.own(UNet.load(originalWeights(), original.unetConfig(), compute), UNet::close);
    }
    return unet;
  }

  /**
   * What the erased U-Net has otherwise than the original; on the compute device.
   *
   * @throws org.realera.RealeraException (usage) if one is not made from the other; as {@link
   *     Checkpoint#verify} and {@link Checkpoint#verifyFinite}
   */
  Edits edits() {
    if (edits == null) {
      requireSound(erased);
      Weights weights = resources.own(erased.openUnet(), Weights::close);
      NDManager scope = resources.own(NDManager.newBaseManager(compute.device()), NDManager::close);
      edits = EditedTensors.of(originalWeights(), weights, scope);
    }
    return edits;
  }

  /** One NaN makes every image black, and black images pass for erased ones. */
  private static void requireSound(Checkpoint model) {
    model.verify();
    model.verifyFinite();
  }

  /** The erased model's tokenizer and text encoder. */
  TextModel text() {
    if (text == null) {
      text = resources.own(TextModel.load(erased, compute), TextModel::close);
    }
    return text;
  }

  /** The original's; the same object unless the erasure has changed the text encoder. */
  TextModel originalText() {
    if (originalText == null) {
      TextModel other = resources.own(TextModel.load(original, compute), TextModel::close);
      originalText = EditedTensors.isNone(text().weights(), other.weights()) ? text() : other;
    }
    return originalText;
  }

  /** The noise levels that the erased model is drawn with. */
  DdimScheduler scheduler() {
    return DdimScheduler.of(erased.schedulerConfig());
  }

  /** Of one image, [4, h, w]. */
  Shape latents() {
    int scale = erased.vaeConfig().scale();
    return new Shape(
        erased.vaeConfig().latentChannels(), images.height() / scale, images.width() / scale);
  }

  /** d, width of the text encoder's embeddings. */
  int textWidth() {
    return erased.textConfig().hiddenSize();
  }

  /**
   * Images by the erased model; those of words are the ones that {@code realera generate} draws.
   * Where there are adapters, each prompt takes them as far as it is near their concept. An
   * embedding has no words to compare with it: it meets the erased model, which has all of them.
   *
   * @return one for each, in order
   */
  public List<Image> draw(List<Wanted> wanted) {
    long words = wanted.stream().filter(one -> one.candidate() instanceof Candidate.Words).count();
    if (spm == null || words == 0) {
      return drawMerged(wanted);
    }
    if (words == wanted.size()) {
      return originalPipeline().draw(requests(wanted), done -> {});
    }
    return wanted.stream().flatMap(one -> draw(List.of(one)).stream()).toList();
  }

  private List<Image> drawMerged(List<Wanted> wanted) {
    if (pipeline == null) {
      pipeline = load(erased, null);
    }
    return pipeline.sampler().sample(requests(wanted), edits(), done -> {});
  }

  /** The same by the original. */
  public List<Image> drawOriginal(List<Wanted> wanted) {
    return originalPipeline().sampler().sample(requests(wanted), Edits.NONE, done -> {});
  }

  /**
   * What the original's images are decoded from, z_0.
   *
   * @param scope owns them; a manager of the CPU
   * @return [n, 4, h, w] fp32 on the CPU
   */
  NDArray originalLatents(List<Wanted> wanted, NDManager scope) {
    try (NDManager inner = NDManager.newBaseManager(compute.device())) {
      NDArray drawn =
          originalPipeline().sampler().latents(inner, requests(wanted), Edits.NONE, done -> {});
      NDArray moved = drawn.toDevice(Device.cpu(), false);
      moved.attach(scope);
      return moved;
    }
  }

  private Pipeline originalPipeline() {
    if (originalPipeline == null) {
      originalPipeline = load(original, spm);
    }
    return originalPipeline;
  }

  private Pipeline load(Checkpoint model, @Nullable SpmFile adapters) {
    return resources.own(Pipeline.load(model, unet(), compute, adapters, notes), Pipeline::close);
  }

  private List<ImageRequest> requests(List<Wanted> wanted) {
    return wanted.stream().map(this::request).toList();
  }

  private ImageRequest request(Wanted wanted) {
    String prompt = wanted.candidate() instanceof Candidate.Words words ? words.prompt() : "";
    ImageRequest.Embedding embedding =
        wanted.candidate() instanceof Candidate.Embedding free
            ? new ImageRequest.Embedding(free.rows())
            : null;
    return new ImageRequest(
        prompt,
        "",
        wanted.seed(),
        images.steps(),
        images.guidance(),
        images.width(),
        images.height(),
        null,
        embedding);
  }

  @Override
  public void close() {
    resources.close();
  }
}

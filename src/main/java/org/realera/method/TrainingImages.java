package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.VaeConfig;
import org.realera.concept.Concept;
import org.realera.config.ImageNumbers;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.ImageSampler;
import org.realera.diffusion.Pipeline;
import org.realera.method.KeptImages.Batch;
import org.realera.safetensors.DType;
import org.realera.safetensors.TensorSource;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;
import org.realera.training.Saved;

/**
 * What {@code z_t} of a training is made of: latents of images that the original model draws. They
 * are saved, each batch when it is drawn and then all together, so that a resumed run has the same.
 */
final class TrainingImages {
  private TrainingImages() {}

  /**
   * Images that are wanted.
   *
   * @param stage in which they are drawn
   * @param name of their latents in the run's state, which ends with {@link Saved#LATENTS}
   * @param what they are of, as the user is told: {@code the anchor}
   * @param requests sets of one size
   */
  record Wanted(Stage stage, String name, String what, List<List<ImageRequest>> requests) {}

  /**
   * Draws the images of every concept's anchor, templates taking turns, or takes those of an
   * interrupted run. Concepts whose anchor has the same prompts share a set, with the seeds of the
   * first of them.
   *
   * @param scope owns the latents; a manager of the CPU
   * @return for each concept z_0, [n, 4, h, w] fp32 on the CPU; one array for all that share it
   */
  static List<NDArray> draw(
      List<Concept> concepts, ImageNumbers kind, Model model, long seed, Run run, NDManager scope) {
    List<List<String>> prompts = concepts.stream().map(c -> anchorPrompts(c, kind)).toList();
    List<List<String>> distinct = prompts.stream().distinct().toList();
    List<List<ImageRequest>> sets = new ArrayList<>();
    for (List<String> some : distinct) {
      String purpose = "anchor image " + prompts.indexOf(some);
      sets.add(requests(some, kind, purpose, model, seed));
    }
    Wanted wanted = new Wanted(Stage.ANCHOR_IMAGES, "anchor" + Saved.LATENTS, "the anchor", sets);
    List<NDArray> latents = draw(wanted, model, run, scope);
    return prompts.stream().map(some -> latents.get(distinct.indexOf(some))).toList();
  }

  private static List<String> anchorPrompts(Concept concept, ImageNumbers kind) {
    List<Concept.Rows> rows = concept.rows();
    return IntStream.range(0, kind.images())
        .mapToObj(i -> rows.get(i % rows.size()).anchorPrompt())
        .toList();
  }

  /** One image of each prompt, of the size that the model was trained on. */
  static List<ImageRequest> requests(
      List<String> prompts, ImageNumbers kind, String purpose, Model model, long seed) {
    int size = Pipeline.nativeSize(model.checkpoint());
    List<ImageRequest> requests = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      // libtorch takes the lower 32 bits of a seed
      long own = Noise.derive(seed, purpose, i) & 0xffffffffL;
      requests.add(
          new ImageRequest(
              prompts.get(i), "", own, kind.imageSteps(), kind.imageGuidance(), size, size));
    }
    return requests;
  }

  /**
   * Draws images, or takes those of an interrupted run. Each batch is kept as it is drawn, so that
   * a run that is stopped between two of them goes on with the next.
   *
   * @param scope owns the latents; a manager of the CPU
   * @return z_0 of each set, [n, 4, h, w] fp32 on the CPU
   */
  static List<NDArray> draw(Wanted wanted, Model model, Run run, NDManager scope) {
    List<List<ImageRequest>> sets = wanted.requests();
    int images = sets.stream().mapToInt(List::size).sum();
    long steps = (long) images * sets.get(0).get(0).steps();
    try (StageTask stage = run.stage(wanted.stage(), steps)) {
      List<NDArray> latents = load(wanted, model, run, scope);
      if (!latents.isEmpty()) {
        run.note("the interrupted run's pictures of " + wanted.what() + " are used");
        stage.saved(saved(images, images, wanted, run));
      } else {
        KeptImages kept = new KeptImages(run.state(), wanted.name());
        List<Batch> batches = new ArrayList<>();
        try (Pipeline pipeline =
            Pipeline.load(model.checkpoint(), model.unet(), model.compute(), run::note)) {
          batches.addAll(batches(sets, pipeline.sampler(), model));
          latents.addAll(draw(batches, wanted, pipeline.sampler(), kept, stage, run, scope));
        }
        List<TensorSource> whole = new ArrayList<>();
        for (int s = 0; s < latents.size(); s++) {
          whole.add(TensorSource.of(String.valueOf(s), DType.F32, latents.get(s)));
        }
        run.state().put(wanted.name(), Map.of(), whole);
        kept.remove(batches);
      }
      stage.end(images + (images == 1 ? " picture" : " pictures"));
      return latents;
    }
  }

  /** The sampler's own batches of each set, for an image's last bits depend on who is beside it. */
  private static List<Batch> batches(
      List<List<ImageRequest>> sets, ImageSampler sampler, Model model) {
    List<Batch> batches = new ArrayList<>();
    for (int s = 0; s < sets.size(); s++) {
      int from = 0;
      for (List<ImageRequest> some : sampler.batches(sets.get(s))) {
        batches.add(new Batch(s, from, shape(some, model)));
        from += some.size();
      }
    }
    return batches;
  }

  /** Latents of images of one size. */
  private static Shape shape(List<ImageRequest> requests, Model model) {
    VaeConfig vae = model.checkpoint().vaeConfig();
    ImageRequest first = requests.get(0);
    return new Shape(
        requests.size(),
        vae.latentChannels(),
        first.height() / vae.scale(),
        first.width() / vae.scale());
  }

  /** Takes the batches that are kept, and draws and keeps the others. */
  private static List<NDArray> draw(
      List<Batch> batches,
      Wanted wanted,
      ImageSampler sampler,
      KeptImages kept,
      StageTask stage,
      Run run,
      NDManager scope) {
    int images = batches.stream().mapToInt(Batch::images).sum();
    int found = batches.stream().filter(kept::has).mapToInt(Batch::images).sum();
    if (found > 0) {
      run.note(
          "the interrupted run's pictures of "
              + wanted.what()
              + " are used: "
              + share(found, images));
      stage.saved(saved(found, images, wanted, run));
    }
    List<NDArray> latents = new ArrayList<>();
    NDList parts = new NDList();
    int drawn = 0;
    for (int b = 0; b < batches.size(); b++) {
      Batch batch = batches.get(b);
      List<ImageRequest> requests = wanted.requests().get(batch.set());
      long before = (long) drawn * requests.get(0).steps();
      NDArray part = kept.load(batch, scope, why -> run.note(again(batch, wanted, why)));
      if (part == null) {
        part =
            latents(
                sampler,
                requests.subList(batch.from(), batch.from() + batch.images()),
                scope,
                done -> stage.step(before + done));
        kept.save(batch, part);
        found = Math.max(found, drawn + batch.images());
        stage.saved(saved(found, images, wanted, run));
      }
      drawn += batch.images();
      parts.add(part);
      if (b + 1 == batches.size() || batches.get(b + 1).set() != batch.set()) {
        latents.add(parts.size() == 1 ? part : joined(parts));
        parts = new NDList();
      }
    }
    return latents;
  }

  private static NDArray joined(NDList parts) {
    NDArray whole = NDArrays.concat(parts);
    parts.close();
    return whole;
  }

  private static String share(int some, int images) {
    return some + " of " + images;
  }

  private static String saved(int some, int images, Wanted wanted, Run run) {
    return share(some, images)
        + " pictures of "
        + wanted.what()
        + " are saved in "
        + run.state().where();
  }

  private static String again(Batch batch, Wanted wanted, String why) {
    int first = batch.from() + 1;
    int last = batch.from() + batch.images();
    return "drawing pictures " + first + " to " + last + " of " + wanted.what() + " again: " + why;
  }

  private static NDArray latents(
      ImageSampler sampler, List<ImageRequest> requests, NDManager scope, LongConsumer progress) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray drawn = sampler.latents(inner, requests, Edits.NONE, progress);
      NDArray moved = drawn.toDevice(Device.cpu(), false);
      moved.attach(scope);
      return moved;
    }
  }

  /** The interrupted run's latents; empty if there are none, or not all. */
  private static List<NDArray> load(Wanted wanted, Model model, Run run, NDManager scope) {
    List<NDArray> latents = new ArrayList<>();
    if (run.state().has(wanted.name())) {
      try (Saved.Opened saved = run.state().open(wanted.name())) {
        for (int s = 0; s < wanted.requests().size(); s++) {
          Shape shape = shape(wanted.requests().get(s), model);
          latents.add(KeptImages.read(saved.tensors(), String.valueOf(s), shape, scope));
        }
      } catch (RealeraException e) {
        run.note("drawing " + wanted.what() + " again: " + e.getMessage());
        latents.clear();
      }
    }
    return latents;
  }
}

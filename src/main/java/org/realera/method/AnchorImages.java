package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.realera.RealeraException;
import org.realera.concept.Concept;
import org.realera.config.AlignmentSettings;
import org.realera.config.EraseRecipe;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.Pipeline;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.tensor.Edits;
import org.realera.tensor.Noise;

/**
 * What {@code z_t} of a training is made of: latents of pictures that the original model draws.
 * They are saved, so that a resumed run has the same.
 */
final class AnchorImages {
  private static final String FILE = "anchor-latents.safetensors";

  private AnchorImages() {}

  /**
   * Pictures that are wanted.
   *
   * @param stage in which they are drawn
   * @param file which keeps their latents in the run's state
   * @param what they are of, as the user is told: {@code the anchor}
   * @param requests sets of one size
   */
  record Wanted(Stage stage, String file, String what, List<List<ImageRequest>> requests) {}

  /**
   * Draws the images of every concept's anchor for RealEra's alignment, or takes those of an
   * interrupted run.
   *
   * @param scope owns the latents; a manager of the CPU
   * @return for each concept z_0, [n, 4, h, w] fp32 on the CPU
   */
  static List<NDArray> draw(
      List<Concept> concepts, Model model, EraseRecipe recipe, Run run, NDManager scope) {
    AlignmentSettings settings = recipe.alignment();
    Kind kind = new Kind(settings.images(), settings.imageSteps(), settings.imageGuidance());
    return draw(of(concepts, kind, model, recipe.seed()), model, run, scope);
  }

  /**
   * How pictures are drawn.
   *
   * @param images of each concept
   */
  record Kind(int images, int steps, double guidance) {}

  /** Pictures of every concept's anchor; templates take turns. */
  static Wanted of(List<Concept> concepts, Kind kind, Model model, long seed) {
    List<List<ImageRequest>> sets = new ArrayList<>();
    for (int c = 0; c < concepts.size(); c++) {
      List<Concept.Rows> rows = concepts.get(c).rows();
      List<String> prompts =
          IntStream.range(0, kind.images())
              .mapToObj(i -> rows.get(i % rows.size()).anchorPrompt())
              .toList();
      sets.add(requests(prompts, kind, "anchor image " + c, model, seed));
    }
    return new Wanted(Stage.ANCHOR_IMAGES, FILE, "the anchor", sets);
  }

  /** One picture of each prompt, of the size that the model was trained on. */
  static List<ImageRequest> requests(
      List<String> prompts, Kind kind, String purpose, Model model, long seed) {
    int size = Pipeline.nativeSize(model.checkpoint());
    List<ImageRequest> requests = new ArrayList<>();
    for (int i = 0; i < prompts.size(); i++) {
      // libtorch takes the lower 32 bits of a seed
      long own = Noise.derive(seed, purpose, i) & 0xffffffffL;
      requests.add(
          new ImageRequest(prompts.get(i), "", own, kind.steps(), kind.guidance(), size, size));
    }
    return requests;
  }

  /**
   * Draws pictures, or takes those of an interrupted run.
   *
   * @param scope owns the latents; a manager of the CPU
   * @return z_0 of each set, [n, 4, h, w] fp32 on the CPU
   */
  static List<NDArray> draw(Wanted wanted, Model model, Run run, NDManager scope) {
    List<List<ImageRequest>> sets = wanted.requests();
    Stage stage = wanted.stage();
    int images = sets.stream().mapToInt(List::size).sum();
    run.begin(stage, (long) images * sets.get(0).get(0).steps());
    Path file = run.state().resolve(wanted.file());
    List<NDArray> latents = load(file, wanted, run, scope);
    if (!latents.isEmpty()) {
      run.note("the interrupted run's pictures of " + wanted.what() + " are used");
    } else {
      List<TensorSource> saved = new ArrayList<>();
      try (Pipeline pipeline =
          Pipeline.load(model.checkpoint(), model.unet(), model.compute(), run::note)) {
        long before = 0;
        for (List<ImageRequest> requests : sets) {
          long drawnBefore = before;
          NDArray drawn =
              latents(pipeline, requests, scope, done -> run.step(stage, drawnBefore + done));
          saved.add(TensorSource.of(String.valueOf(latents.size()), DType.F32, drawn));
          latents.add(drawn);
          before += (long) requests.size() * requests.get(0).steps();
        }
      }
      SafetensorsWriter.write(file, Map.of(), saved);
    }
    run.end(stage, images + (images == 1 ? " picture" : " pictures"));
    return latents;
  }

  private static NDArray latents(
      Pipeline pipeline, List<ImageRequest> requests, NDManager scope, LongConsumer progress) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray drawn = pipeline.sampler().latents(inner, requests, Edits.NONE, progress);
      NDArray moved = drawn.toDevice(Device.cpu(), false);
      moved.attach(scope);
      return moved;
    }
  }

  /** The interrupted run's latents; empty if there are none, or not all. */
  private static List<NDArray> load(Path file, Wanted wanted, Run run, NDManager scope) {
    List<NDArray> latents = new ArrayList<>();
    if (Files.exists(file)) {
      try (SafetensorsFile saved = SafetensorsFile.open(file);
          NDManager inner = scope.newSubManager()) {
        for (int c = 0; c < wanted.requests().size(); c++) {
          NDArray copy = saved.read(String.valueOf(c), inner).duplicate();
          copy.attach(scope);
          latents.add(copy);
        }
      } catch (RealeraException e) {
        run.note("drawing " + wanted.what() + " again: " + e.getMessage());
        latents.clear();
      }
    }
    return latents;
  }
}

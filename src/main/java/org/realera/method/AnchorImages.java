package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
 * What {@code z_t} of the noise alignment is made of: latents of a few images that the original
 * model draws from p(c*). They are saved, so that a resumed run has the same.
 */
final class AnchorImages {
  private static final String FILE = "anchor-latents.safetensors";

  private AnchorImages() {}

  /**
   * Draws the images of every concept's anchor, or takes those of an interrupted run.
   *
   * @param scope owns the latents; a manager of the CPU
   * @return for each concept z_0, [n, 4, h, w] fp32 on the CPU
   */
  static List<NDArray> draw(
      List<Concept> concepts, Model model, EraseRecipe recipe, Run run, NDManager scope) {
    AlignmentSettings settings = recipe.alignment();
    int images = concepts.size() * settings.images();
    run.begin(Stage.ANCHOR_IMAGES, (long) images * settings.imageSteps());
    Path file = run.state().resolve(FILE);
    List<NDArray> latents = load(file, concepts.size(), run, scope);
    if (!latents.isEmpty()) {
      run.note("the interrupted run's pictures of the anchor are used");
    } else {
      List<TensorSource> saved = new ArrayList<>();
      try (Pipeline pipeline =
          Pipeline.load(model.checkpoint(), model.unet(), model.compute(), run::note)) {
        for (int c = 0; c < concepts.size(); c++) {
          long before = (long) c * settings.images() * settings.imageSteps();
          List<ImageRequest> requests = requests(concepts.get(c), c, model, recipe);
          NDArray drawn =
              latents(
                  pipeline, requests, scope, done -> run.step(Stage.ANCHOR_IMAGES, before + done));
          latents.add(drawn);
          saved.add(TensorSource.of(String.valueOf(c), DType.F32, drawn));
        }
      }
      SafetensorsWriter.write(file, Map.of(), saved);
    }
    run.end(Stage.ANCHOR_IMAGES, images + (images == 1 ? " picture" : " pictures"));
    return latents;
  }

  private static NDArray latents(
      Pipeline pipeline,
      List<ImageRequest> requests,
      NDManager scope,
      java.util.function.LongConsumer progress) {
    try (NDManager inner = scope.newSubManager()) {
      NDArray drawn = pipeline.sampler().latents(inner, requests, Edits.NONE, progress);
      NDArray moved = drawn.toDevice(Device.cpu(), false);
      moved.attach(scope);
      return moved;
    }
  }

  /** Templates take turns. */
  private static List<ImageRequest> requests(
      Concept concept, int index, Model model, EraseRecipe recipe) {
    AlignmentSettings settings = recipe.alignment();
    int size = Pipeline.nativeSize(model.checkpoint());
    List<ImageRequest> requests = new ArrayList<>();
    for (int i = 0; i < settings.images(); i++) {
      String prompt = concept.rows().get(i % concept.rows().size()).anchorPrompt();
      // libtorch takes the lower 32 bits of a seed
      long seed = Noise.derive(recipe.seed(), "anchor image " + index, i) & 0xffffffffL;
      requests.add(
          new ImageRequest(
              prompt, "", seed, settings.imageSteps(), settings.imageGuidance(), size, size));
    }
    return requests;
  }

  /** The interrupted run's latents; empty if there are none, or not all. */
  private static List<NDArray> load(Path file, int count, Run run, NDManager scope) {
    List<NDArray> latents = new ArrayList<>();
    if (Files.exists(file)) {
      try (SafetensorsFile saved = SafetensorsFile.open(file);
          NDManager inner = scope.newSubManager()) {
        for (int c = 0; c < count; c++) {
          NDArray copy = saved.read(String.valueOf(c), inner).duplicate();
          copy.attach(scope);
          latents.add(copy);
        }
      } catch (RealeraException e) {
        run.note("drawing the anchor again: " + e.getMessage());
        latents.clear();
      }
    }
    return latents;
  }
}

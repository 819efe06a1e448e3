package org.realera.erase;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.realera.Progress;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.config.EraseRecipe;
import org.realera.files.FileTree;
import org.realera.files.Json;
import org.realera.tensor.ComputeChoice;

/** Erases on the miniature model. */
final class TinyRuns {
  static final String UNET = "unet/diffusion_pytorch_model.safetensors";

  /** Shared by all tests of one run: the prior of one model is always the same. */
  static final PriorCache CACHE = new PriorCache(temporary());

  private TinyRuns() {}

  private static Path temporary() {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "prior-cache-");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> FileTree.deleteQuietly(folder)));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a recipe.
   *
   * @param out the folder below {@code root}
   * @return the manifest
   */
  static JsonNode run(Path root, EraseRecipe recipe, String out) throws IOException {
    EraseRequest request = TinyModel.request(recipe, root.resolve(out));
    run(request);
    return Json.read(request.out().resolve(Manifest.FILE));
  }

  /** The recipe of {@link TinyModel} on a model, which may be a copy of it. */
  static EraseRequest request(Path model, Path out, boolean resume) {
    return new EraseRequest(
        new ModelRef("tiny", model),
        TinyModel.recipe(),
        out,
        ComputeChoice.of("cpu", "fp32"),
        resume,
        false);
  }

  /** Runs a request that nobody looks at. */
  static EraseResult run(EraseRequest request) {
    return Erasure.run(request, Progress.NONE, CACHE);
  }
}

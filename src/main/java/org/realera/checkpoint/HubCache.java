package org.realera.checkpoint;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.realera.RealeraException;
import org.realera.tensor.IoErrors;

/**
 * The cache that huggingface_hub keeps: {@code models--ORG--NAME/refs/main} names a commit, {@code
 * snapshots/COMMIT} holds its files. Only read here, never written.
 */
final class HubCache {
  private static final String REMEDY =
      "Set HF_HUB_CACHE (or HF_HOME) to the cache that holds it, give a diffusers folder, or use"
          + " --model pocket.";

  private final Path folder;

  /** The cache that huggingface_hub itself would use in this environment. */
  HubCache(Environment environment) {
    this.folder =
        environment
            .folder("HF_HUB_CACHE")
            .or(() -> environment.folder("HUGGINGFACE_HUB_CACHE"))
            .or(() -> environment.folder("HF_HOME").map(p -> p.resolve("hub")))
            .orElseGet(() -> environment.userCache().resolve("huggingface").resolve("hub"));
  }

  Path folderOf(String name) {
    return folder.resolve("models--" + name.replace("/", "--"));
  }

  boolean has(String name) {
    return Files.isDirectory(folderOf(name));
  }

  /**
   * The snapshot of a model's main branch.
   *
   * @param name {@code org/name}, checked by the caller
   * @throws RealeraException not found, naming where it was looked for
   */
  Path snapshot(String name) {
    Path model = folderOf(name);
    if (!Files.isDirectory(model)) {
      throw RealeraException.notFound(
          "model %s is not in the Hugging Face cache: there is no %s".formatted(name, model),
          REMEDY);
    }
    Path ref = model.resolve("refs").resolve("main");
    String commit;
    try {
      commit = Files.exists(ref) ? Files.readString(ref).strip() : "";
    } catch (IOException e) {
      throw IoErrors.reading(ref, e);
    }
    if (commit.isEmpty()) {
      throw RealeraException.notFound(
          "model %s has no main branch in the Hugging Face cache: %s is missing"
              .formatted(name, ref),
          "Fetch the model again, or give the folder under %s that you want."
              .formatted(model.resolve("snapshots")));
    }
    if (!commit.matches("\\w[\\w-]*")) {
      throw RealeraException.damaged(
          ref + ": expected a commit, found something else", "Fetch the model again.");
    }
    Path snapshot = model.resolve("snapshots").resolve(commit);
    if (!Files.isDirectory(snapshot)) {
      throw RealeraException.notFound(
          "model %s is not complete in the Hugging Face cache: there is no %s"
              .formatted(name, snapshot),
          REMEDY);
    }
    return snapshot;
  }
}

package org.realera.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.architecture.ModelIndex;
import org.realera.files.Environment;
import org.realera.files.IoErrors;
import org.realera.files.LinkedFiles;
import org.realera.files.TextFile;
import org.realera.safetensors.WeightFiles;

/**
 * The cache that huggingface_hub keeps: {@code models--ORG--NAME/refs/main} (or another revision in
 * its place) names a commit, {@code snapshots/COMMIT} holds its files, which are links into {@code
 * blobs}. Only read here; {@link CacheRepo} writes it.
 */
public final class HubCache {
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
  private static final String AGAIN = "Fetch the model again.";

  private final Path folder;

  /** The cache that huggingface_hub itself would use in this environment. */
  public HubCache(Environment environment) {
    this(
        environment
            .folder("HF_HUB_CACHE")
            .or(() -> environment.folder("HUGGINGFACE_HUB_CACHE"))
            .orElseGet(() -> environment.huggingFaceHome().resolve("hub")));
  }

  /** The cache in a folder. */
  HubCache(Path folder) {
    this.folder = folder;
  }

  private static String remedy(String name, Wanted wanted) {
    return "Fetch it with `realera model pull "
        + name
        + "`, set HF_HUB_CACHE (or HF_HOME) to the cache that holds it, "
        + wanted.instead();
  }

  /** The folder that holds all models. */
  public Path root() {
    return folder;
  }

  /** Where a model is, or would be. */
  public Path folderOf(String name) {
    return folder.resolve("models--" + name.replace("/", "--"));
  }

  boolean has(String name) {
    return Files.isDirectory(folderOf(name));
  }

  /**
   * The snapshot of a model.
   *
   * @param asked {@code ORG/NAME}, checked by the caller, for the main branch, or {@code
   *     ORG/NAME@REVISION} for a branch, a tag or a commit
   * @throws RealeraException not found, naming where it was looked for
   */
  public Path snapshot(String asked) {
    return snapshot(asked, Wanted.MODEL);
  }

  /** The same of a scorer, too. */
  Path snapshot(String asked, Wanted wanted) {
    HubReference reference = HubReference.parse(asked);
    Path model = folderOf(reference.name());
    if (!Files.isDirectory(model)) {
      throw RealeraException.notFound(
          "model %s is not in the Hugging Face cache: there is no %s".formatted(asked, model),
          remedy(asked, wanted));
    }
    Path snapshot = model.resolve("snapshots").resolve(commit(reference, model));
    if (!Files.isDirectory(snapshot)) {
      throw RealeraException.notFound(
          "model %s is not complete in the Hugging Face cache: there is no %s"
              .formatted(asked, snapshot),
          remedy(asked, wanted));
    }
    requireInside(model, snapshot);
    return snapshot;
  }

  private static String commit(HubReference reference, Path model) {
    if (COMMIT.matcher(reference.revision()).matches()) {
      return reference.revision(); // needs no name, and a pull of it gets none
    }
    Path ref = model.resolve("refs").resolve(reference.revision());
    String commit;
    try {
      commit = Files.exists(ref) ? TextFile.read(ref, AGAIN).strip() : "";
    } catch (IOException e) {
      throw IoErrors.reading(ref, e);
    }
    if (commit.isEmpty()) {
      throw RealeraException.notFound(
          "model %s has no %s in the Hugging Face cache: %s is missing"
              .formatted(
                  reference.name(),
                  reference.isMain() ? "main branch" : "revision " + reference.revision(),
                  ref),
          "Fetch it with `realera model pull %s`, or give the folder under %s that you want."
              .formatted(reference.plain(), model.resolve("snapshots")));
    }
    if (!commit.matches("\\w[\\w-]*")) {
      throw RealeraException.damaged(ref + ": expected a commit, found something else", AGAIN);
    }
    return commit;
  }

  /**
   * Whether a model is here with all that it takes to run it.
   *
   * @param asked as {@link #snapshot} takes it
   */
  public boolean hasWhole(String asked) {
    try {
      return missing(snapshot(asked)).isEmpty();
    } catch (RealeraException e) {
      return false;
    }
  }

  /** Files may be links into the cache, on whatever disk it is, but not to anywhere else. */
  private void requireInside(Path model, Path snapshot) {
    try (Stream<Path> files = Files.walk(snapshot)) {
      Path cache = folder.toRealPath();
      Path home = model.toRealPath();
      Path blobs = model.resolve("blobs");
      Path content = Files.isDirectory(blobs) ? blobs.toRealPath() : home;
      for (Path file : files.filter(Files::isSymbolicLink).filter(Files::exists).toList()) {
        Path real = file.toRealPath();
        boolean inside =
            real.startsWith(cache) || real.startsWith(home) || real.startsWith(content);
        if (!inside && !LinkedFiles.isBlob(snapshot.toRealPath(), real)) {
          throw RealeraException.damaged(
              file + " is a link that leads out of the Hugging Face cache, to " + real,
              "Remove it and fetch the model again, or give the folder %s itself as --model."
                  .formatted(snapshot));
        }
      }
    } catch (UncheckedIOException e) {
      throw IoErrors.reading(snapshot, e);
    } catch (IOException e) {
      throw IoErrors.reading(snapshot, e);
    }
  }

  /**
   * The first thing missing of a diffusers model, or of a model of transformers' kind; what is in
   * its files is not looked at.
   *
   * @return a path in the folder; links that lead nowhere count as missing
   */
  static Optional<String> missing(Path folder) {
    if (!Files.exists(folder.resolve(ModelIndex.FILE))) {
      return Files.exists(folder.resolve("config.json"))
          ? missingWeights(folder, "")
          : Optional.of(ModelIndex.FILE);
    }
    for (String component : List.of(Checkpoint.UNET, Checkpoint.VAE, Checkpoint.TEXT_ENCODER)) {
      String config = component + "/config.json";
      if (!Files.exists(folder.resolve(config))) {
        return Optional.of(config);
      }
      Optional<String> weights = missingWeights(folder, component);
      if (weights.isPresent()) {
        return weights;
      }
    }
    String scheduler = "scheduler/scheduler_config.json";
    if (!Files.exists(folder.resolve(scheduler))) {
      return Optional.of(scheduler);
    }
    Path tokenizer = folder.resolve("tokenizer");
    boolean words =
        Files.exists(tokenizer.resolve("vocab.json"))
            && Files.exists(tokenizer.resolve("merges.txt"));
    return words || Files.exists(tokenizer.resolve("tokenizer.json"))
        ? Optional.empty()
        : Optional.of("tokenizer/vocab.json");
  }

  private static Optional<String> missingWeights(Path folder, String component) {
    Path home = folder.resolve(component);
    String base = Checkpoint.baseName(component);
    Optional<String> wanted =
        Optional.of(folder.relativize(home.resolve(base + ".safetensors")).toString());
    try {
      List<WeightFiles> sets = WeightFiles.findAll(home, base);
      boolean whole = sets.stream().anyMatch(set -> set.files().stream().allMatch(Files::exists));
      return whole ? Optional.empty() : wanted;
    } catch (RealeraException e) {
      return wanted; // a damaged list of shards
    }
  }
}

package org.realera.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.architecture.ModelIndex;
import org.realera.files.Environment;
import org.realera.files.IoErrors;
import org.realera.safetensors.Weights;

/** The models in the Hugging Face cache, and which of them can be used. */
public final class CachedModels {
  private static final String PREFIX = "models--";

  private CachedModels() {}

  /**
   * A model in the cache.
   *
   * @param name {@code ORG/NAME}; {@code ORG/NAME@REVISION} where the main branch is not here
   * @param folder where the cache keeps it
   * @param bytes what it takes on disk, all of its versions
   * @param ready whether it can be used as it is
   * @param partial whether that is because something has not been fetched yet
   * @param problem if it is not ready, why
   */
  public record Cached(
      String name, Path folder, long bytes, boolean ready, boolean partial, String problem) {}

  /**
   * Lists the cache; reads configurations and headers of weights.
   *
   * @param env as {@link ModelLocator#locate} takes it
   * @return by name; empty if there is no cache
   */
  public static List<Cached> list(Map<String, String> env) {
    HubCache cache = new HubCache(new Environment(env));
    Path root = root(cache);
    List<Cached> models = new ArrayList<>();
    if (!Files.isDirectory(root)) {
      return models;
    }
    try (Stream<Path> folders = Files.list(root)) {
      for (Path folder : folders.filter(Files::isDirectory).sorted().toList()) {
        String name = String.valueOf(folder.getFileName());
        if (name.startsWith(PREFIX)) {
          models.add(cached(cache, name.substring(PREFIX.length()).replace("--", "/"), folder));
        }
      }
    } catch (IOException e) {
      throw IoErrors.reading(root, e);
    }
    return models;
  }

  /** The folder that {@link #list} looks in. */
  public static Path root(Map<String, String> env) {
    return root(new HubCache(new Environment(env)));
  }

  private static Path root(HubCache cache) {
    return Objects.requireNonNull(cache.folderOf("x").toAbsolutePath().getParent());
  }

  /** What the model is to be called: a plain name asks for the main branch. */
  private static String named(String name, Path folder) throws IOException {
    Path refs = folder.resolve("refs");
    if (!Files.isDirectory(refs) || Files.exists(refs.resolve(PullRequest.MAIN))) {
      return name;
    }
    try (Stream<Path> files = Files.walk(refs)) {
      return files
          .filter(Files::isRegularFile)
          .map(ref -> name + "@" + refs.relativize(ref).toString().replace('\\', '/'))
          .sorted()
          .findFirst()
          .orElse(name);
    }
  }

  private static Cached cached(HubCache cache, String plain, Path folder) throws IOException {
    long bytes = bytes(folder);
    String name = named(plain, folder);
    try {
      Path snapshot = cache.snapshot(name);
      if (!Files.exists(snapshot.resolve(ModelIndex.FILE))) {
        return new Cached(name, folder, bytes, false, false, "no " + ModelIndex.FILE);
      }
      Optional<String> missing = HubCache.missing(snapshot);
      if (missing.isPresent() && !hasPickles(snapshot)) {
        return new Cached(name, folder, bytes, false, true, missing.get() + " is missing");
      }
      Checkpoint model = Checkpoint.open(snapshot);
      for (String component : Checkpoint.COMPONENTS) {
        try (Weights weights = model.openComponent(component)) {
          weights.tensors();
        }
      }
      return new Cached(name, folder, bytes, true, false, "");
    } catch (RealeraException e) {
      boolean partial = e.kind() == RealeraException.Kind.NOT_FOUND;
      return new Cached(name, folder, bytes, false, partial, String.valueOf(e.getMessage()));
    }
  }

  /** Weights that are all there, but of a kind that is not read: fetching again does not help. */
  private static boolean hasPickles(Path snapshot) throws IOException {
    try (Stream<Path> files = Files.walk(snapshot)) {
      return files.anyMatch(file -> file.toString().endsWith(".bin") && Files.exists(file));
    }
  }

  /** Files that are links are counted where they lead to, once. */
  private static long bytes(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      long sum = 0;
      for (Path file : files.toList()) {
        if (Files.isRegularFile(file) && !Files.isSymbolicLink(file)) {
          sum += Files.size(file);
        }
      }
      return sum;
    } catch (UncheckedIOException e) {
      throw IoErrors.reading(folder, e);
    } catch (IOException e) {
      throw IoErrors.reading(folder, e);
    }
  }
}

package org.realera.cli.json;

import java.nio.file.Path;
import java.util.List;
import org.realera.hub.CachedModels.Cached;

/**
 * {@code realera model list}.
 *
 * @param cache the hub cache's folder
 */
public record ModelListJson(String cache, List<Entry> models) {

  /**
   * A model in the cache.
   *
   * @param bytes on disk
   * @param ready whether it can be used as it is
   * @param problem why not; empty if it can
   */
  public record Entry(String name, String folder, long bytes, boolean ready, String problem) {
    private static Entry of(Cached model) {
      return new Entry(
          model.name(), model.folder().toString(), model.bytes(), model.ready(), model.problem());
    }
  }

  /** The models of a cache. */
  public static ModelListJson of(Path cache, List<Cached> models) {
    return new ModelListJson(cache.toString(), models.stream().map(Entry::of).toList());
  }
}

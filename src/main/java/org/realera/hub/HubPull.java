package org.realera.hub;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.architecture.ModelIndex;
import org.realera.files.Sizes;
import org.realera.hub.HubClient.RemoteFile;
import org.realera.hub.HubClient.RemoteModel;
import org.realera.hub.Retry.Timing;

/**
 * Brings a model from a hub into the cache. A snapshot and its name appear when every file is there
 * and right; a pull that fails or is stopped leaves what has arrived, and the next one goes on.
 */
public final class HubPull {
  private final PullRequest request;
  private final PullMeter meter;
  private final HubClient client;
  private final CacheRepo cache;

  /**
   * A model that is in the cache now.
   *
   * @param name {@code ORG/NAME}
   * @param commit what the revision stood for
   * @param folder the snapshot, which can be opened as a model
   * @param files how many it has
   * @param bytes of all of them
   * @param fetched how many of these bytes came over the network this time
   */
  public record Pulled(
      String name, String commit, Path folder, int files, long bytes, long fetched) {}

  private HubPull(
      HubSettings settings, PullRequest request, PullMeter meter, Timing timing, CacheRepo cache) {
    this.request = request;
    this.meter = meter;
    this.client = new HubClient(settings, request, timing, meter);
    this.cache = cache;
  }

  /**
   * Fetches what the cache lacks.
   *
   * @throws RealeraException not found (no such model, gated, hub out of reach), damaged (wrong
   *     hash, no model of a kind that can be used), resources (disk) or failed
   */
  public static Pulled run(HubSettings settings, PullRequest request, Progress progress) {
    PullMeter meter = new PullMeter(progress, request.name(), System::nanoTime);
    CacheRepo cache = new CacheRepo(settings.cache(), request.name());
    return run(settings, request, meter, Timing.live(), cache);
  }

  static Pulled run(
      HubSettings settings, PullRequest request, PullMeter meter, Timing timing, CacheRepo cache) {
    try {
      if (settings.offline().isPresent()) {
        throw new HubErrors(settings, request).offline(settings.offline().get());
      }
      return new HubPull(settings, request, meter, timing, cache).pull();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RealeraException(
          Kind.FAILED, "the pull was interrupted", "Run it again: it goes on from there.", e);
    }
  }

  private Pulled pull() throws InterruptedException {
    RemoteModel model = client.model();
    cache.prepare();
    BlobDownload download = new BlobDownload(client, model, cache);
    FileSelection selection = select(model, download);
    selection.notes().forEach(meter::note);
    List<RemoteFile> files = new ArrayList<>();
    for (String path : selection.files()) {
      files.add(client.file(model, path));
    }
    long fetched = fetch(files, download);
    // The index last: a snapshot that has one is whole.
    files.stream().filter(f -> !isIndex(f)).forEach(f -> cache.link(model.commit(), f));
    files.stream().filter(HubPull::isIndex).forEach(f -> cache.link(model.commit(), f));
    cache.name(request.revision(), model.commit());
    Path folder = cache.snapshot(model.commit());
    long bytes = files.stream().mapToLong(RemoteFile::size).sum();
    return new Pulled(model.name(), model.commit(), folder, files.size(), bytes, fetched);
  }

  private static boolean isIndex(RemoteFile file) {
    return file.path().equals(ModelIndex.FILE) || file.path().equals("config.json");
  }

  /** Which files; of a diffusers model its index is fetched for that. */
  private FileSelection select(RemoteModel model, BlobDownload download)
      throws InterruptedException {
    if (model.files().contains(ModelIndex.FILE)) {
      RemoteFile index = client.file(model, ModelIndex.FILE);
      download.fetch(index, bytes -> {}, () -> {});
      Set<String> components = ModelIndex.components(cache.blob(index), model.name());
      return FileSelection.diffusers(model.files(), components, request.variant());
    }
    if (model.files().contains("config.json")) {
      return FileSelection.transformers(model.files(), request.variant());
    }
    throw RealeraException.damaged(
        "%s is no model in diffusers' layout: it has no %s"
            .formatted(model.name(), ModelIndex.FILE),
        "Look for a repository that has one; files in other layouts must be fetched by hand.");
  }

  /** All files, several at a time; returns how many bytes came. */
  private long fetch(List<RemoteFile> files, BlobDownload download) throws InterruptedException {
    Map<String, RemoteFile> blobs = new LinkedHashMap<>(); // two files may have the same content
    files.stream()
        .sorted((a, b) -> Long.compare(b.size(), a.size()))
        .forEach(file -> blobs.putIfAbsent(file.etag(), file));
    long total = blobs.values().stream().mapToLong(RemoteFile::size).sum();
    long there = blobs.values().stream().mapToLong(cache::arrived).sum();
    requireSpace(total - there);
    meter.started(blobs.size(), total, there);
    ExecutorService workers = Executors.newFixedThreadPool(request.connections(), HubPull::thread);
    try {
      CompletionService<Void> results = new ExecutorCompletionService<>(workers);
      for (RemoteFile file : blobs.values()) {
        results.submit(
            () -> {
              download.fetch(file, meter::arrived, () -> meter.waitingForOther(file.path()));
              return null;
            });
      }
      for (int i = 0; i < blobs.size(); i++) {
        results.take().get();
      }
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      workers.shutdownNow();
      // Locks and partial files must be closed before anybody goes on.
      if (!workers.awaitTermination(1, TimeUnit.MINUTES)) {
        meter.note("a file's download does not end; the next pull may have to wait for it");
      }
    }
    return total - there;
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    if (cause instanceof Error e) {
      throw e;
    }
    return cause instanceof RuntimeException e ? e : new IllegalStateException(cause);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "hub-pull");
    thread.setDaemon(true);
    return thread;
  }

  private void requireSpace(long bytes) {
    long usable = cache.usableSpace();
    if (bytes > usable) {
      throw new RealeraException(
          Kind.RESOURCES,
          "model %s takes %s more, and %s has room for %s"
              .formatted(request.name(), Sizes.text(bytes), cache.root(), Sizes.text(usable)),
          "Free some space, or set HF_HUB_CACHE to a folder on another disk.");
    }
  }
}

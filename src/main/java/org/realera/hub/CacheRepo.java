package org.realera.hub;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.realera.RealeraException;
import org.realera.files.IoErrors;
import org.realera.hub.HubClient.RemoteFile;

/**
 * One model's folder in the {@link HubCache}, for writing, as huggingface_hub lays it out: {@code
 * blobs/HASH} holds content, {@code snapshots/COMMIT/PATH} links to it, {@code refs/REVISION} names
 * a commit. {@code blobs} may be a link to a folder on another disk; nothing is written through any
 * other link that leads out of the model's folder.
 */
final class CacheRepo {
  private final Path model;
  private final Path locks;
  private final Room room;

  /** How many bytes can still be written to a folder. */
  @FunctionalInterface
  interface Room {
    long in(Path folder) throws IOException;
  }

  /** The folder of {@code ORG/NAME}; nothing is made yet. */
  CacheRepo(HubCache cache, String name) {
    this(cache, name, folder -> Files.getFileStore(folder).getUsableSpace());
  }

  CacheRepo(HubCache cache, String name, Room room) {
    this.room = room;
    this.model = cache.folderOf(name);
    this.locks = cache.root().resolve(".locks").resolve(String.valueOf(model.getFileName()));
  }

  /** Makes what every model's folder has, so that others who look at it find it sound. */
  void prepare() {
    for (Path folder : new Path[] {blobs(), model.resolve("snapshots"), model.resolve("refs")}) {
      makeFolder(folder);
    }
    try {
      Files.createDirectories(locks);
    } catch (IOException e) {
      throw IoErrors.writing(locks, e);
    }
  }

  private Path blobs() {
    return model.resolve("blobs");
  }

  Path blob(RemoteFile file) {
    return blobs().resolve(file.etag());
  }

  /** What has arrived of a file, from its start; huggingface_hub goes on with it, too. */
  Path incomplete(RemoteFile file) {
    return blobs().resolve(file.etag() + ".incomplete");
  }

  Path snapshot(String commit) {
    return model.resolve("snapshots").resolve(commit);
  }

  /** Whether a file's content is here; one of another size is damaged and goes. */
  boolean has(RemoteFile file) {
    Path blob = blob(file);
    try {
      if (!Files.exists(blob)) {
        return false;
      }
      requireInside(blob);
      if (Files.isRegularFile(blob) && Files.size(blob) == file.size()) {
        return true;
      }
      Files.delete(blob);
      return false;
    } catch (IOException e) {
      throw IoErrors.writing(blob, e);
    }
  }

  /** How much of a file has arrived. */
  long arrived(RemoteFile file) {
    try {
      Path partial = incomplete(file);
      return has(file)
          ? file.size()
          : Files.isRegularFile(partial, LinkOption.NOFOLLOW_LINKS)
              ? Math.min(Files.size(partial), file.size())
              : 0;
    } catch (IOException e) {
      throw IoErrors.reading(incomplete(file), e);
    }
  }

  /** The partial file, for reading and appending. A link in its place is refused. */
  FileChannel openIncomplete(RemoteFile file) {
    Path path = incomplete(file);
    try {
      return FileChannel.open(
          path,
          StandardOpenOption.CREATE,
          StandardOpenOption.READ,
          StandardOpenOption.WRITE,
          LinkOption.NOFOLLOW_LINKS);
    } catch (IOException e) {
      if (Files.isSymbolicLink(path)) {
        throw leadsOut(path, path);
      }
      throw IoErrors.writing(path, e);
    }
  }

  /** The partial file is whole and right: gives it its name. */
  void complete(RemoteFile file) {
    try {
      move(incomplete(file), blob(file));
    } catch (IOException e) {
      throw IoErrors.writing(blob(file), e);
    }
  }

  /** Holds a file against other pulls of it, in other processes, until closed. */
  Held lock(RemoteFile file, Runnable waiting) {
    Path path = locks.resolve(file.etag() + ".lock");
    try {
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          waiting.run();
          lock = channel.lock();
        }
        return new Held(channel, lock);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (IOException e) {
      throw IoErrors.writing(path, e);
    }
  }

  /** A lock. */
  record Held(FileChannel channel, FileLock lock) implements AutoCloseable {
    @Override
    public void close() {
      try {
        channel.close(); // and with it the lock
      } catch (IOException e) {
        throw new IllegalStateException("closing an empty file can't fail", e);
      }
    }
  }

  /** Puts a file whose content is here into a snapshot. */
  void link(String commit, RemoteFile file) {
    Path link = snapshot(commit).resolve(file.path());
    Path folder = link.resolveSibling("");
    makeFolder(folder);
    try {
      Path target =
          folder
              .toRealPath()
              .relativize(model.toRealPath().resolve(blobs().getFileName()).resolve(file.etag()));
      if (Files.isSymbolicLink(link) && Files.readSymbolicLink(link).equals(target)) {
        return;
      }
      Files.deleteIfExists(link);
      linkOrCopy(link, target, blob(file));
    } catch (IOException e) {
      throw IoErrors.writing(link, e);
    }
  }

  /** Where links take a privilege (Windows), a second name for the file does as well. */
  private static void linkOrCopy(Path link, Path target, Path blob) throws IOException {
    try {
      Files.createSymbolicLink(link, target);
    } catch (UnsupportedOperationException | FileSystemException e) {
      try {
        Files.createLink(link, blob);
      } catch (UnsupportedOperationException | FileSystemException none) {
        Files.copy(blob, link);
      }
    }
  }

  /** Lets a branch or tag name a commit; the commit itself needs no such name. */
  void name(String revision, String commit) {
    if (revision.equals(commit)) {
      return;
    }
    Path ref = model.resolve("refs").resolve(revision);
    makeFolder(ref.resolveSibling(""));
    // Beside refs/: whatever lies in there is taken for a name.
    Path temporary = model.resolve("tmp_" + UUID.randomUUID());
    try {
      try {
        Files.writeString(temporary, commit);
        move(temporary, ref);
      } finally {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException e) {
      throw IoErrors.writing(ref, e);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void makeFolder(Path folder) {
    try {
      // Each in turn, as a link further up must not be followed first.
      Files.createDirectories(model);
      Path below = model;
      for (Path part : model.relativize(folder)) {
        below = below.resolve(part);
        if (Files.isDirectory(below)) {
          if (!below.equals(blobs())) {
            requireInside(below);
          }
        } else {
          Files.createDirectories(below);
        }
      }
    } catch (IOException e) {
      throw IoErrors.writing(folder, e);
    }
  }

  /** Bytes that can still be written here. */
  long usableSpace() {
    try {
      return room.in(blobs());
    } catch (IOException e) {
      return Long.MAX_VALUE; // not every file system tells
    }
  }

  Path root() {
    return model;
  }

  private void requireInside(Path path) throws IOException {
    Path real = path.toRealPath();
    if (!real.startsWith(model.toRealPath()) && !real.startsWith(blobs().toRealPath())) {
      throw leadsOut(path, real);
    }
  }

  private static RealeraException leadsOut(Path path, Path real) {
    return RealeraException.damaged(
        path + " is a link that leads out of the model's folder in the cache, to " + real,
        "Remove that link and run again; to keep the cache on another disk, set HF_HUB_CACHE or"
            + " link the folder blobs.");
  }
}

package org.realera.files;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;

/**
 * The files of a folder that comes from elsewhere and is to be copied. Its links are followed
 * within it and, of a snapshot in the Hugging Face cache, to that model's blobs. A link to any
 * other place would carry a file of this machine, that nobody meant to give away, into the copy.
 */
public final class LinkedFiles {
  /** Links can make many files of few. */
  private static final int MOST = 100_000;

  /** The name of a blob: SHA-1 of a file in git, SHA-256 of a large one. */
  private static final Pattern BLOB = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");

  private LinkedFiles() {}

  /**
   * Lists the regular files below a folder, links followed, in order.
   *
   * @param skipped names of folders that are left out with all that is in them
   * @throws RealeraException (damaged) for a link that leads out of the folder or back to a folder
   *     that it is in; not found or failed, naming what can't be read
   */
  public static List<Path> list(Path root, Set<String> skipped) {
    try {
      Walk walk = new Walk(root, root.toRealPath(), skipped);
      Files.walkFileTree(root, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, walk);
      walk.files.sort(null);
      return walk.files;
    } catch (NoSuchFileException e) {
      throw IoErrors.reading(Path.of(String.valueOf(e.getFile())), e);
    } catch (IOException e) {
      throw IoErrors.reading(root, e);
    }
  }

  /**
   * Whether a link's target is a blob of the snapshot that the link is in. The cache's folder of
   * blobs may be a link to another disk; then only what is named as a blob counts.
   *
   * @param root the snapshot's real path: {@code MODEL/snapshots/COMMIT}
   * @param target a real path
   */
  public static boolean isBlob(Path root, Path target) throws IOException {
    Path snapshots = root.getParent();
    Path model = snapshots == null ? null : snapshots.getParent();
    if (snapshots == null || model == null || !snapshots.endsWith("snapshots")) {
      return false;
    }
    Path blobs = model.resolve("blobs");
    if (!Files.isDirectory(blobs)) {
      return false;
    }
    Path real = blobs.toRealPath();
    boolean here = !Files.isSymbolicLink(blobs);
    boolean named = BLOB.matcher(String.valueOf(target.getFileName())).matches();
    return real.equals(target.getParent()) && (here || named);
  }

  private static final class Walk extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Path real;
    private final Set<String> skipped;
    private final List<Path> files = new ArrayList<>();

    Walk(Path root, Path real, Set<String> skipped) {
      this.root = root;
      this.real = real;
      this.skipped = skipped;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
        throws IOException {
      if (skipped.contains(String.valueOf(folder.getFileName()))) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      if (!folder.equals(root)) { // which is the user's own choice, link or not
        requireInside(folder);
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      if (attributes.isSymbolicLink()) {
        throw new NoSuchFileException(file + " (a link whose target is gone)");
      }
      requireInside(file);
      if (attributes.isRegularFile()) {
        files.add(file);
      }
      if (files.size() > MOST) {
        throw RealeraException.damaged(
            root + " holds more than " + MOST + " files", "Give the folder of one model.");
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, @Nullable IOException e) throws IOException {
      if (e instanceof FileSystemLoopException) {
        throw RealeraException.damaged(
            file + " is a link back to a folder that it is in", "Remove the link.");
      }
      return super.visitFileFailed(file, e);
    }

    private void requireInside(Path path) throws IOException {
      if (!Files.isSymbolicLink(path)) {
        return;
      }
      Path target = path.toRealPath();
      if (!target.startsWith(real) && !isBlob(real, target)) {
        throw RealeraException.damaged(
            path + " is a link that leads out of the model's folder, to " + target,
            "Remove the link, or put what it leads to in its place if it shall be in the copy.");
      }
    }
  }
}

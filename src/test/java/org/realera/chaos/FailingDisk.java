package org.realera.chaos;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.attribute.UserPrincipalLookupService;
import java.nio.file.spi.FileSystemProvider;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * The machine's file system, in which one call of one kind fails: the n-th rename, unlink, fsync,
 * lock or opening for writing. Code that works with the paths it is given knows nothing of it.
 */
public final class FailingDisk {
  /** What may fail. */
  public enum Operation {
    RENAME,
    UNLINK,
    FSYNC,
    LOCK,
    WRITE
  }

  private final FileSystem real;
  private final FileSystem failing = new Failing();
  private final FileSystemProvider provider = new Provider();
  private @Nullable Operation operation;
  private int left;
  private boolean onwards;
  private long usable = -1;
  private Consumer<Path> writing = file -> {};
  private final List<Path> synced = new ArrayList<>();

  public FailingDisk(Path anyReal) {
    real = anyReal.getFileSystem();
  }

  /** A path of the real file system as one of this. */
  public Path path(Path path) {
    return (Path)
        Proxy.newProxyInstance(
            FailingDisk.class.getClassLoader(),
            new Class<?>[] {Path.class},
            (proxy, method, args) -> {
              if (method.getName().equals("getFileSystem")) {
                return failing;
              }
              Object[] realArgs =
                  args == null ? null : Arrays.stream(args).map(FailingDisk::real).toArray();
              try {
                return here(method.invoke(path, realArgs));
              } catch (InvocationTargetException e) {
                throw Objects.requireNonNull(e.getCause());
              }
            });
  }

  private @Nullable Object here(@Nullable Object result) {
    if (result instanceof Path path) {
      return path(path);
    }
    if (result instanceof Iterator<?> paths) {
      List<Object> all = new ArrayList<>();
      paths.forEachRemaining(path -> all.add(Objects.requireNonNull(here(path))));
      return all.iterator();
    }
    return result;
  }

  /** The path beneath one of ours; anything else as it is. */
  static @Nullable Object real(@Nullable Object value) {
    return value instanceof Path path && Proxy.isProxyClass(path.getClass())
        ? Path.of(path.toString())
        : value;
  }

  private static Path realPath(Path path) {
    return (Path) Objects.requireNonNull(real(path));
  }

  /**
   * Lets the {@code n}-th call from now on fail.
   *
   * @param all whether all after it fail, too, as on a disk that is gone
   */
  public void fail(Operation which, int n, boolean all) {
    operation = which;
    left = n;
    onwards = all;
  }

  /** Says that so many bytes are free. */
  public void free(long bytes) {
    usable = bytes;
  }

  /** Lets somebody do something whenever a file is about to be opened for writing. */
  public void beforeWriting(Consumer<Path> action) {
    writing = action;
  }

  /** Files and folders that were synced, in order. */
  public List<Path> synced() {
    return List.copyOf(synced);
  }

  /** Lets nothing fail any more; returns whether anything had. */
  public boolean heal() {
    boolean failed = left <= 0;
    operation = null;
    return failed;
  }

  private void may(Operation which, Path file) throws FileSystemException {
    if (which == Operation.WRITE) {
      writing.accept(realPath(file));
    }
    if (which == operation && (--left == 0 || (left < 0 && onwards))) {
      throw new FileSystemException(file.toString(), null, "Input/output error");
    }
  }

  private final class Failing extends FileSystem {
    @Override
    public FileSystemProvider provider() {
      return provider;
    }

    @Override
    public void close() {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public boolean isReadOnly() {
      return false;
    }

    @Override
    public String getSeparator() {
      return real.getSeparator();
    }

    @Override
    public Iterable<Path> getRootDirectories() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Iterable<FileStore> getFileStores() {
      return real.getFileStores();
    }

    @Override
    public Set<String> supportedFileAttributeViews() {
      return real.supportedFileAttributeViews();
    }

    @Override
    public Path getPath(String first, String... more) {
      return path(real.getPath(first, more));
    }

    @Override
    public PathMatcher getPathMatcher(String pattern) {
      throw new UnsupportedOperationException();
    }

    @Override
    public UserPrincipalLookupService getUserPrincipalLookupService() {
      throw new UnsupportedOperationException();
    }

    @Override
    public WatchService newWatchService() {
      throw new UnsupportedOperationException();
    }
  }

  private final class Provider extends FileSystemProvider {
    @Override
    public String getScheme() {
      return "failing";
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> env) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
      return failing;
    }

    @Override
    public Path getPath(URI uri) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel newFileChannel(
        Path file, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      if (options.size() > 1) { // all but those for reading
        may(Operation.WRITE, file);
      }
      FileChannel open = real.provider().newFileChannel(realPath(file), options, attributes);
      return new ForcedChannel(
          open,
          () -> {
            may(Operation.FSYNC, file);
            synced.add(realPath(file));
          },
          () -> may(Operation.LOCK, file));
    }

    @Override
    public SeekableByteChannel newByteChannel(
        Path file, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
        throws IOException {
      if (options.size() > 1) {
        may(Operation.WRITE, file);
      }
      return Files.newByteChannel(realPath(file), options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(
        Path folder, DirectoryStream.Filter<? super Path> filter) throws IOException {
      DirectoryStream<Path> files =
          Files.newDirectoryStream(realPath(folder), file -> filter.accept(path(file)));
      return new DirectoryStream<>() {
        @Override
        public Iterator<Path> iterator() {
          return StreamSupport.stream(files.spliterator(), false)
              .map(FailingDisk.this::path)
              .toList()
              .iterator();
        }

        @Override
        public void close() throws IOException {
          files.close();
        }
      };
    }

    @Override
    public void createDirectory(Path folder, FileAttribute<?>... attributes) throws IOException {
      Files.createDirectory(realPath(folder), attributes);
    }

    @Override
    public void delete(Path path) throws IOException {
      may(Operation.UNLINK, path);
      Files.delete(realPath(path));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
      Files.copy(realPath(source), realPath(target), options);
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
      may(Operation.RENAME, target);
      Files.move(realPath(source), realPath(target), options);
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
      return Files.isSameFile(realPath(path), realPath(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
      return Files.isHidden(realPath(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
      FileStore store = Files.getFileStore(realPath(path));
      return usable < 0 ? store : new Room(store, usable);
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
      real.provider().checkAccess(realPath(path), modes);
    }

    @Override
    public <V extends FileAttributeView> V getFileAttributeView(
        Path path, Class<V> type, LinkOption... options) {
      return real.provider().getFileAttributeView(realPath(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(
        Path path, Class<A> type, LinkOption... options) throws IOException {
      return Files.readAttributes(realPath(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options)
        throws IOException {
      return Files.readAttributes(realPath(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options)
        throws IOException {
      Files.setAttribute(realPath(path), attribute, value, options);
    }
  }
}

package org.realera.safetensors;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.realera.RealeraException;
import org.realera.files.AtomicFile;
import org.realera.files.IoErrors;
import org.realera.files.TextFile;

/**
 * One safetensors file: eight bytes of header length (little endian), a JSON header, the tensors'
 * bytes. Opening reads and checks the header only; tensors are mapped when read. May be read from
 * several threads.
 *
 * <p>A mapping lives until the file is closed, and beyond that as long as an array that was made
 * from it; a view of such an array does not keep it.
 */
public final class SafetensorsFile implements Weights {
  private static final String REMEDY =
      "The file is not a whole safetensors file of this model; fetch or convert it again.";
  private static final int LENGTH_BYTES = 8;
  private static final String LFS_POINTER = "version https://git-lfs";

  private final Path file;
  private final FileChannel channel;
  private final FileState state;
  private final TensorReader.Source mapped;
  private final long dataStart;
  private final SafetensorsHeader header;
  private final Map<String, SafetensorsHeader.Entry> entries = new HashMap<>();
  private final SortedMap<String, TensorInfo> tensors;

  private SafetensorsFile(
      Path file, FileChannel channel, FileState state, long dataStart, SafetensorsHeader header) {
    this.file = file;
    this.channel = channel;
    this.state = state;
    this.mapped = new TensorReader.Source(channel);
    this.dataStart = dataStart;
    this.header = header;
    SortedMap<String, TensorInfo> sorted = new TreeMap<>();
    for (SafetensorsHeader.Entry entry : header.entries()) {
      entries.put(entry.info().name(), entry);
      sorted.put(entry.info().name(), entry.info());
    }
    this.tensors = Collections.unmodifiableSortedMap(sorted);
  }

  /**
   * Opens a file and checks its header.
   *
   * @throws RealeraException not found; or damaged, naming file, tensor, expected and found
   */
  public static SafetensorsFile open(Path file) {
    FileChannel channel;
    try {
      TextFile.requireRegular(file, REMEDY);
      channel = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
    boolean opened = false;
    try {
      SafetensorsFile result = read(file, channel);
      opened = true;
      return result;
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    } finally {
      if (!opened) {
        closeQuietly(channel);
      }
    }
  }

  private static SafetensorsFile read(Path file, FileChannel channel) throws IOException {
    FileState state = FileState.of(file, channel);
    long size = state.size();
    if (size < LENGTH_BYTES) {
      throw damaged(file, "it has %s bytes, too few for a header".formatted(size));
    }
    ByteBuffer start = ByteBuffer.allocate((int) Math.min(size, 64)).order(ByteOrder.LITTLE_ENDIAN);
    fill(file, channel, start, 0);
    if (StandardCharsets.ISO_8859_1.decode(start.duplicate()).toString().startsWith(LFS_POINTER)) {
      throw RealeraException.damaged(
          file + " is a Git LFS pointer, not the weights themselves",
          "Run `git lfs pull` in its repository, or fetch the file again.");
    }
    if (Pickles.looksLikeOne(start)) {
      throw Pickles.refused(file);
    }
    long length = start.getLong(0);
    if (length < 0 || length > SafetensorsHeader.MAX_BYTES) {
      throw damaged(
          file,
          "its header claims %s bytes, expected at most %s"
              .formatted(Long.toUnsignedString(length), SafetensorsHeader.MAX_BYTES));
    }
    if (length > size - LENGTH_BYTES) {
      throw damaged(
          file,
          "its header claims %s bytes, but the file holds only %s more (truncated?)"
              .formatted(length, size - LENGTH_BYTES));
    }
    ByteBuffer json = ByteBuffer.allocate((int) length);
    fill(file, channel, json, LENGTH_BYTES);
    long dataStart = LENGTH_BYTES + length;
    return new SafetensorsFile(
        file, channel, state, dataStart, SafetensorsHeader.parse(file, json, size - dataStart));
  }

  /** The file's {@code __metadata__}; empty if it has none. */
  public SortedMap<String, String> metadata() {
    return header.metadata();
  }

  @Override
  public SortedMap<String, TensorInfo> tensors() {
    return tensors;
  }

  /** The tensors in the order in which their bytes lie in the file. */
  public List<TensorInfo> inFileOrder() {
    return header.entries().stream().map(SafetensorsHeader.Entry::info).toList();
  }

  public Path path() {
    return file;
  }

  @Override
  public TensorSource.Stored stored(String name) {
    return new TensorSource.Stored(this, name, 0, entry(name).info());
  }

  @Override
  public NDArray read(String name, NDManager scope) {
    return read(stored(name), scope);
  }

  /** See {@link TensorSource.Stored#read}. */
  NDArray read(TensorSource.Stored tensor, NDManager scope) {
    long begin = range(tensor).begin();
    return read(tensor, () -> TensorReader.read(mapped, begin, tensor.info(), scope));
  }

  /** See {@link TensorSource.Stored#copy}. */
  NDArray copy(TensorSource.Stored tensor, NDManager scope) {
    long begin = range(tensor).begin();
    return read(tensor, () -> TensorReader.copy(channel, begin, tensor.info(), scope));
  }

  /** Makes an array from a file. */
  private interface Reading {
    NDArray read() throws IOException;
  }

  private NDArray read(TensorSource.Stored tensor, Reading reading) {
    if (!tensor.info().dtype().isReadable()) {
      throw RealeraException.damaged(
          "%s: tensor %s is %s, which is not supported"
              .formatted(
                  file,
                  SafetensorsHeader.printable(tensor.storedName()),
                  tensor.info().dtype().label()),
          DType.REMEDY);
    }
    try {
      state.requireUnchanged(file, channel);
      NDArray array = reading.read();
      boolean unchanged = false;
      try {
        state.requireUnchanged(file, channel);
        unchanged = true;
        return array;
      } finally {
        if (!unchanged) {
          array.close();
        }
      }
    } catch (EOFException e) {
      throw shrunk(file);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /**
   * Copies one tensor's bytes as they are stored, whatever their number.
   *
   * @throws RealeraException if this file can't be read
   * @throws IOException if {@code out} can't be written
   */
  public void copyBytes(String name, WritableByteChannel out) throws IOException {
    range(stored(name)).copyTo(out);
  }

  /**
   * Hands one tensor's bytes to {@code sink} in order, in little-endian pieces of whole elements
   * that are valid during the call only. Reads, does not map: memory stays flat however large the
   * file.
   */
  public void forEachChunk(String name, Consumer<ByteBuffer> sink) {
    range(stored(name)).forEachChunk(sink);
  }

  /** Where the bytes of a tensor of this file, or of a part of it, lie. */
  ByteRange range(TensorSource.Stored tensor) {
    SafetensorsHeader.Entry entry = entry(tensor.storedName());
    long begin = dataStart + entry.begin() + tensor.first() * entry.info().dtype().bytes();
    return new ByteRange(file, channel, begin, begin + tensor.info().byteSize());
  }

  /** Copies everything before the first tensor's bytes, so that a rewrite keeps it to the byte. */
  void copyHeader(WritableByteChannel out) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) dataStart);
    fill(file, channel, bytes, 0);
    AtomicFile.writeFully(out, bytes);
  }

  private SafetensorsHeader.Entry entry(String name) {
    SafetensorsHeader.Entry entry = entries.get(name);
    if (entry == null) {
      throw damaged(file, "it has no tensor " + SafetensorsHeader.printable(name));
    }
    return entry;
  }

  @Override
  public String source() {
    return file.toString();
  }

  /** Closes the file. Its mappings go when the arrays made from them are gone. */
  @Override
  public void close() {
    mapped.mappings().clear();
    closeQuietly(channel);
  }

  @Override
  public String toString() {
    return source();
  }

  /** Reads until {@code into} is full, and flips it. */
  static void fill(Path file, FileChannel channel, ByteBuffer into, long position)
      throws IOException {
    int start = into.position();
    while (into.hasRemaining()) {
      if (channel.read(into, position + into.position() - start) < 0) {
        throw shrunk(file);
      }
    }
    into.flip();
  }

  static RealeraException damaged(Path file, String what) {
    return RealeraException.damaged(file + ": " + what, REMEDY);
  }

  static RealeraException shrunk(Path file) {
    return damaged(
        file, "it was changed while being read; let nothing write to a model that is in use");
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      // Opened for reading only: nothing can be lost.
    }
  }
}

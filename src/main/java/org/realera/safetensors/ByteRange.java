package org.realera.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.realera.files.AtomicFile;
import org.realera.files.IoErrors;

/**
 * Where the bytes of a tensor, or of some of its elements, lie in an open file.
 *
 * @param file for messages
 * @param begin first byte
 * @param end byte after the last
 */
record ByteRange(Path file, FileChannel channel, long begin, long end) {
  private static final int CHUNK_BYTES = 1 << 20;

  /** See {@link SafetensorsFile#copyBytes}. */
  void copyTo(WritableByteChannel out) throws IOException {
    if (!(out instanceof FileChannel)) {
      // transferTo would go by 8 KB pieces.
      ByteBuffer piece = piece();
      for (long at = begin; at < end; at += piece.limit()) {
        fill(piece, at);
        AtomicFile.writeFully(out, piece);
      }
      return;
    }
    long position = begin;
    while (position < end) {
      long moved = channel.transferTo(position, end - position, out);
      if (moved <= 0) {
        throw SafetensorsFile.shrunk(file);
      }
      position += moved;
    }
  }

  /** See {@link SafetensorsFile#forEachChunk}. */
  void forEachChunk(Consumer<ByteBuffer> sink) {
    ByteBuffer piece = piece();
    for (long at = begin; at < end; at += piece.limit()) {
      fill(piece, at);
      sink.accept(piece);
    }
  }

  /** Reads {@code size} bytes from the {@code from}-th on, into a buffer of their own. */
  ByteBuffer read(long from, int size) {
    ByteBuffer bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    try {
      SafetensorsFile.fill(file, channel, bytes, begin + from);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
    return bytes;
  }

  private ByteBuffer piece() {
    return ByteBuffer.allocate((int) Math.min(end - begin, CHUNK_BYTES))
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  private void fill(ByteBuffer piece, long position) {
    piece.clear().limit((int) Math.min(piece.capacity(), end - position));
    try {
      SafetensorsFile.fill(file, channel, piece, position);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }
}

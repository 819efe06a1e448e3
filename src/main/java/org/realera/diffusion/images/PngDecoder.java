package org.realera.diffusion.images;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.realera.diffusion.Image;
import org.realera.diffusion.images.PngChunks.Chunk;

/** Decodes PNGs of every color type and depth, interlaced or not. */
final class PngDecoder {
  private static final int PALETTE = 3;

  /** Deflate makes no more of a byte: a match of 258 from two bits. */
  private static final long DEFLATE_GAIN = 1032;

  /** Of Adam7's passes: first column, first row, and the steps from there. */
  private static final int[][] PASSES = {
    {0, 0, 8, 8}, {4, 0, 8, 8}, {0, 4, 4, 8}, {2, 0, 4, 4}, {0, 2, 2, 4}, {1, 0, 2, 2}, {0, 1, 1, 2}
  };

  private static final int[][] ONE_PASS = {{0, 0, 1, 1}};

  private final int width;
  private final int height;
  private final int bits;
  private final int channels;
  private final int[][] passes;

  /** Whether 16-bit grey is clipped to 255, as Pillow does; else its upper byte counts. */
  private final boolean clips;

  /** RGB of each number that a pixel of one channel and up to 8 bits can be. */
  private final byte[] colors;

  private final byte[] rgb;

  private PngDecoder(ByteBuffer png, int colorType, byte[] palette, boolean clips) {
    this.width = png.getInt(16);
    this.height = png.getInt(20);
    this.bits = png.get(24);
    this.channels = channels(colorType);
    this.passes = png.get(28) == 1 ? PASSES : ONE_PASS;
    this.clips = clips;
    this.colors = colorType == PALETTE ? palette : greys(bits);
    this.rgb = new byte[3 * width * height];
  }

  /**
   * Decodes the still image; of an animated PNG the one that other readers show.
   *
   * @param clips whether 16-bit grey is clipped to 255; else its upper byte counts
   */
  static Image decode(byte[] bytes, boolean clips) throws UnreadableImageException {
    PngChunks chunks = PngChunks.read(bytes);
    if (chunks == null) {
      throw UnreadableImageException.cut();
    }
    ByteBuffer png = ByteBuffer.wrap(bytes);
    ImageDecoder.checkSize(png.getInt(16), png.getInt(20));
    int colorType = png.get(25);
    if (!isKind(png.get(24), colorType)
        || png.get(26) != 0
        || png.get(27) != 0
        || (png.get(28) & 0xfe) != 0) {
      throw UnreadableImageException.unsupported("a PNG of an unknown kind");
    }
    List<Chunk> data = new ArrayList<>();
    byte[] palette = new byte[3 * 256]; // what it lacks is black
    boolean hasPalette = false;
    for (Chunk chunk : chunks.all()) {
      boolean first = data.isEmpty();
      if (chunk.type() == PngChunks.IDAT) {
        data.add(chunk);
      } else if (chunk.type() == PngChunks.PLTE && first) {
        hasPalette = true;
        int length = Math.min(palette.length, chunk.length() / 3 * 3);
        System.arraycopy(bytes, chunk.start(), palette, 0, length);
      } else if (!first) {
        break; // the data stand together
      }
    }
    long size = data.stream().mapToLong(Chunk::length).sum();
    long pixelBits = (long) png.get(24) * channels(colorType);
    long atLeast = (long) png.getInt(16) * png.getInt(20) * pixelBits / 8;
    if ((colorType == PALETTE && !hasPalette) || atLeast > DEFLATE_GAIN * (size + 1)) {
      throw UnreadableImageException.cut(); // before room for its pixels is made
    }
    PngDecoder decoder = new PngDecoder(png, colorType, palette, clips);
    Inflater inflater = new Inflater();
    try {
      decoder.read(new Data(bytes, data, inflater));
    } catch (DataFormatException e) {
      throw UnreadableImageException.cut();
    } finally {
      inflater.end();
    }
    return new Image(decoder.width, decoder.height, decoder.rgb);
  }

  private static boolean isKind(int bits, int colorType) {
    return switch (colorType) {
      case 0 -> bits == 1 || bits == 2 || bits == 4 || bits == 8 || bits == 16;
      case PALETTE -> bits == 1 || bits == 2 || bits == 4 || bits == 8;
      case 2, 4, 6 -> bits == 8 || bits == 16;
      default -> false;
    };
  }

  private static int channels(int colorType) {
    return switch (colorType) {
      case 2 -> 3;
      case 4 -> 2;
      case 6 -> 4;
      default -> 1;
    };
  }

  private static byte[] greys(int bits) {
    int count = 1 << Math.min(bits, 8);
    byte[] greys = new byte[3 * count];
    for (int i = 0; i < greys.length; i++) {
      greys[i] = (byte) (i / 3 * 255 / (count - 1));
    }
    return greys;
  }

  private void read(Data data) throws DataFormatException {
    for (int[] pass : passes) {
      int across = (width - pass[0] + pass[2] - 1) / pass[2];
      int down = (height - pass[1] + pass[3] - 1) / pass[3];
      if (across <= 0 || down <= 0) {
        continue;
      }
      int length = Math.toIntExact(((long) across * bits * channels + 7) / 8);
      byte[] above = new byte[length];
      byte[] row = new byte[length];
      for (int y = 0; y < down; y++) {
        int filter = data.next();
        data.fill(row);
        PngFilters.undo(filter, row, above, Math.max(1, bits * channels / 8));
        place(row, pass, across, pass[1] + y * pass[3]);
        byte[] free = above;
        above = row;
        row = free;
      }
    }
    data.checkEnd();
  }

  private void place(byte[] row, int[] pass, int across, int y) {
    for (int x = 0; x < across; x++) {
      int to = 3 * (y * width + pass[0] + x * pass[2]);
      if (bits < 8) {
        int shift = 8 - bits - (x * bits) % 8;
        int value = (row[x * bits / 8] >> shift) & ((1 << bits) - 1);
        System.arraycopy(colors, 3 * value, rgb, to, 3);
        continue;
      }
      int bytes = bits / 8;
      int from = x * channels * bytes;
      if (channels < 3) {
        int value = row[from] & 0xff;
        if (clips && channels == 1 && bytes == 2) {
          // Pillow keeps 16-bit grey as numbers and clips them to 255.
          value = value == 0 ? row[from + 1] & 0xff : 255;
        }
        System.arraycopy(colors, 3 * value, rgb, to, 3);
      } else {
        for (int c = 0; c < 3; c++) {
          rgb[to + c] = row[from + c * bytes]; // of 16 bits the upper 8
        }
      }
    }
  }

  /** What the IDAT chunks hold together, inflated. */
  private static final class Data {
    private final byte[] bytes;
    private final List<Chunk> chunks;
    private final Inflater inflater;
    private final byte[] one = new byte[1];
    private int given;

    Data(byte[] bytes, List<Chunk> chunks, Inflater inflater) {
      this.bytes = bytes;
      this.chunks = chunks;
      this.inflater = inflater;
    }

    int next() throws DataFormatException {
      fill(one);
      return one[0];
    }

    void fill(byte[] out) throws DataFormatException {
      if (inflate(out) < out.length) {
        throw new DataFormatException("too few data");
      }
    }

    /** Lets the inflater read on to its own checksum; more data than pixels do no harm. */
    void checkEnd() throws DataFormatException {
      inflate(one);
    }

    private int inflate(byte[] out) throws DataFormatException {
      int at = 0;
      while (at < out.length && !inflater.finished() && !inflater.needsDictionary()) {
        if (inflater.needsInput()) {
          if (given == chunks.size()) {
            break;
          }
          Chunk chunk = chunks.get(given++);
          inflater.setInput(bytes, chunk.start(), chunk.length());
        }
        at += inflater.inflate(out, at, out.length - at);
      }
      return at;
    }
  }
}

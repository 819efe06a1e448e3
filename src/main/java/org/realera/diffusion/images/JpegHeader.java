package org.realera.diffusion.images;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the markers of a whole JPEG (ITU-T T.81) say.
 *
 * @param width in pixels
 * @param height in pixels
 * @param components each plane of the image
 * @param color what the planes are
 * @param orientation how EXIF says that it lies, see {@link Orientation}
 */
record JpegHeader(int width, int height, List<Component> components, Color color, int orientation) {
  private static final int START_OF_SCAN = 0xda;
  private static final int END = 0xd9;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;

  /** {@code Exif} and two zeros; OpenCV does not look whether it is that. */
  private static final int EXIF_NAME = 6;

  private static final int NONE_YET = -1;

  /** What the planes of an image are. */
  enum Color {
    GREY,
    RGB,
    YCC,
    CMYK,
    YCCK
  }

  /**
   * A plane.
   *
   * @param id the file's own number for it
   * @param across samples in a unit of the image
   * @param down the same
   */
  record Component(int id, int across, int down) {}

  /**
   * Walks all markers to the end's. Half a JPEG decodes without an error, and so do planes that no
   * scan fills; both are refused here.
   */
  static JpegHeader read(byte[] bytes) throws UnreadableImageException {
    return new Walk(bytes).toEnd();
  }

  private static final class Walk {
    private final byte[] bytes;
    private final List<Component> components = new ArrayList<>();
    private final List<Integer> scanned = new ArrayList<>();
    private int width;
    private int height;
    private boolean jfif;
    private int adobe = -1;
    private int orientation = NONE_YET;

    Walk(byte[] bytes) {
      this.bytes = bytes;
    }

    JpegHeader toEnd() throws UnreadableImageException {
      int at = 2;
      while (true) {
        at = nextMarker(at);
        int marker = at(at);
        if (marker == END) {
          break;
        }
        at++;
        if (marker == 0x01 || (marker >= 0xd0 && marker <= 0xd8)) {
          continue; // has no data
        }
        int length = at(at) << 8 | at(at + 1);
        if (length < 2 || at + length > bytes.length) {
          throw UnreadableImageException.cut();
        }
        segment(marker, at + 2, length - 2);
        at += length;
      }
      List<Integer> ids = components.stream().map(Component::id).toList();
      if (components.isEmpty() || !scanned.containsAll(ids)) {
        throw UnreadableImageException.cut();
      }
      return new JpegHeader(width, height, List.copyOf(components), color(), orientation);
    }

    /** Index of the next marker's second byte; passes over the data of a scan, too. */
    private int nextMarker(int from) throws UnreadableImageException {
      int at = from;
      while (true) {
        while (at(at) != 0xff) {
          at++;
        }
        while (at(at) == 0xff) {
          at++;
        }
        if (at(at) != 0) {
          return at;
        }
      }
    }

    private int at(int index) throws UnreadableImageException {
      if (index >= bytes.length) {
        throw UnreadableImageException.cut();
      }
      return bytes[index] & 0xff;
    }

    private void segment(int marker, int at, int length) throws UnreadableImageException {
      if (marker == APP0 && components.isEmpty() && length >= 14 && holds(at, "JFIF\0")) {
        jfif = true;
      } else if (marker == APP14 && components.isEmpty() && length >= 12 && holds(at, "Adobe")) {
        adobe = at(at + 11);
      } else if (marker == APP1 && orientation == NONE_YET) {
        // Of several the first alone, be it something else: so OpenCV does.
        orientation = Orientation.of(bytes, at + EXIF_NAME, length - EXIF_NAME);
      } else if (marker == START_OF_SCAN) {
        int count = at(at);
        for (int i = 0; i < count; i++) {
          scanned.add(at(at + 1 + 2 * i));
        }
      } else if (isFrame(marker)) {
        frame(marker, at, length);
      }
    }

    /** All of SOF0 to SOF15; C4, C8 and CC are tables and the like. */
    private static boolean isFrame(int marker) {
      return marker == 0xc0 || (marker > 0xc0 && marker <= 0xcf && marker % 4 != 0);
    }

    private boolean holds(int at, String text) {
      byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
      return Arrays.equals(bytes, at, at + wanted.length, wanted, 0, wanted.length);
    }

    private void frame(int marker, int at, int length) throws UnreadableImageException {
      if (length < 6 || length < 6 + 3 * at(at + 5) || !components.isEmpty()) {
        throw UnreadableImageException.cut();
      }
      if (marker > 0xc2 || at(at) != 8) {
        throw UnreadableImageException.unsupported(
            "a JPEG with lossless or arithmetic coding or more than 8 bits");
      }
      height = at(at + 1) << 8 | at(at + 2);
      width = at(at + 3) << 8 | at(at + 4);
      int count = at(at + 5);
      if (count != 1 && count != 3 && count != 4) {
        throw UnreadableImageException.unsupported("a JPEG of " + count + " planes");
      }
      for (int i = 0; i < count; i++) {
        int one = at + 6 + 3 * i;
        components.add(new Component(at(one), at(one + 1) >> 4, at(one + 1) & 15));
      }
    }

    /** As libjpeg-turbo guesses it. */
    private Color color() {
      if (components.size() == 1) {
        return Color.GREY;
      }
      if (components.size() == 4) {
        return adobe <= 0 ? Color.CMYK : Color.YCCK;
      }
      boolean named = "RGB".equals(letters());
      return !jfif && (adobe == 0 || (adobe < 0 && named)) ? Color.RGB : Color.YCC;
    }

    private String letters() {
      StringBuilder letters = new StringBuilder();
      components.forEach(one -> letters.append((char) one.id()));
      return letters.toString();
    }
  }
}

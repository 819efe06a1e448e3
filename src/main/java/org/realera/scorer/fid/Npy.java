package org.realera.scorer.fid;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.realera.RealeraException;

/**
 * One array in numpy's {@code .npy} format (versions 1 to 3): float64 and float32 of either byte
 * order and either memory order are read, float64 is written.
 *
 * @param shape sizes, outermost first; empty for a scalar
 * @param values all elements as float64, last dimension fastest
 */
@SuppressWarnings("ArrayRecordComponent") // a plain carrier; nobody compares or prints these
record Npy(List<Integer> shape, double[] values) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern DTYPE = Pattern.compile("'descr'\\s*:\\s*'([<>|=])([a-z]\\d+)'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([0-9,\\s]*)\\)");
  private static final int ALIGNMENT = 64;

  Npy {
    shape = List.copyOf(shape);
    long elements = elements(shape);
    if (elements != values.length) {
      throw new IllegalArgumentException("shape " + shape + " with " + values.length + " values");
    }
  }

  /**
   * Reads a file.
   *
   * @param bytes the whole file
   * @param source names it in errors
   * @throws RealeraException (damaged) if it is cut short or of another kind
   */
  static Npy parse(byte[] bytes, String source) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    return data(in, header(in, source), source);
  }

  /**
   * Reads a file's header, a Python dictionary.
   *
   * @param in the whole file, little-endian; stands at the data afterwards
   */
  static String header(ByteBuffer in, String source) {
    if (in.limit() < 10 || !in.slice(0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))) {
      throw damaged(source, "it does not begin as a numpy array");
    }
    int version = in.get(6);
    boolean longHeader = version >= 2;
    if (version < 1 || version > 3 || (longHeader && in.limit() < 12)) {
      throw damaged(source, "format version " + version + ", expected 1 to 3");
    }
    int start = longHeader ? 12 : 10;
    long length = longHeader ? in.getInt(8) & 0xffffffffL : in.getShort(8) & 0xffff;
    if (length > in.limit() - start) {
      throw damaged(source, "the header is cut short");
    }
    byte[] header = new byte[(int) length];
    in.position(start).get(header);
    return new String(header, StandardCharsets.UTF_8);
  }

  private static Npy data(ByteBuffer in, String header, String source) {
    Matcher dtype = DTYPE.matcher(header);
    Matcher fortran = FORTRAN.matcher(header);
    Matcher sizes = SHAPE.matcher(header);
    if (!dtype.find() || !fortran.find() || !sizes.find()) {
      throw damaged(source, "the header makes no sense: " + header.strip());
    }
    boolean wide = dtype.group(2).equals("f8");
    if (!wide && !dtype.group(2).equals("f4")) {
      throw damaged(source, "elements are " + dtype.group(2) + ", expected f8 or f4");
    }
    List<Integer> shape = new ArrayList<>();
    long expected;
    try {
      for (String size : sizes.group(1).split(",", -1)) {
        if (!size.isBlank()) {
          shape.add(Integer.parseInt(size.strip()));
        }
      }
      expected = Math.multiplyExact(elements(shape), wide ? 8 : 4);
    } catch (ArithmeticException | NumberFormatException e) {
      throw damaged(source, "the shape (" + sizes.group(1) + ") is impossible");
    }
    if (in.remaining() != expected) {
      throw damaged(
          source, in.remaining() + " bytes of data, expected " + expected + " for " + shape);
    }
    in.order(dtype.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[in.remaining() / (wide ? 8 : 4)];
    for (int i = 0; i < values.length; i++) {
      values[i] = wide ? in.getDouble() : in.getFloat();
    }
    return new Npy(shape, fortran.group(1).equals("True") ? reordered(values, shape) : values);
  }

  /** From first-dimension-fastest to last-dimension-fastest. */
  private static double[] reordered(double[] values, List<Integer> shape) {
    double[] out = new double[values.length];
    int[] index = new int[shape.size()];
    for (double value : values) {
      int at = 0;
      for (int d = 0; d < index.length; d++) {
        at = at * shape.get(d) + index[d];
      }
      out[at] = value;
      for (int d = 0; d < index.length && ++index[d] == shape.get(d); d++) {
        index[d] = 0;
      }
    }
    return out;
  }

  /** The array as a version 1 file of little-endian float64. */
  byte[] bytes() {
    ByteBuffer data = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      data.putDouble(value);
    }
    return file("<f8", shape, data.array());
  }

  /** A version 1 file of elements of some numpy type. */
  static byte[] file(String type, List<Integer> shape, byte[] data) {
    String sizes = shape.stream().map(size -> size + ",").collect(Collectors.joining(" "));
    String text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + sizes + "), }";
    int used = MAGIC.length + 4 + text.length() + 1;
    String padded = text + " ".repeat((ALIGNMENT - used % ALIGNMENT) % ALIGNMENT) + "\n";
    return ByteBuffer.allocate(MAGIC.length + 4 + padded.length() + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(MAGIC)
        .put((byte) 1)
        .put((byte) 0)
        .putShort((short) padded.length())
        .put(padded.getBytes(StandardCharsets.US_ASCII))
        .put(data)
        .array();
  }

  private static long elements(List<Integer> shape) {
    return shape.stream().mapToLong(Integer::longValue).reduce(1, Math::multiplyExact);
  }

  private static RealeraException damaged(String source, String what) {
    return RealeraException.damaged(
        source + " is no usable numpy file: " + what,
        "Save it again with numpy.savez, as float64.");
  }
}

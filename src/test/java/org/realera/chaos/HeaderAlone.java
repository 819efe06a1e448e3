package org.realera.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.realera.files.Json;
import org.realera.safetensors.DType;

/**
 * Safetensors files of which the header alone is damaged: behind it lie zeros, a hole in the file
 * that takes no room on the disk, however large the model is.
 */
final class HeaderAlone {
  private static final Pattern END = Pattern.compile("\"data_offsets\":\\[\\d+,(\\d{1,11})]");
  private static final String METADATA = "__metadata__";
  private static final List<Long> SIZES = List.of(0L, 1L, 2L, 3L, 7L, 64L, 3_000_000_000L);
  private static final List<String> TYPES = List.of("F16", "BF16", "F64", "I32", "BOOL", "F9");

  /** What a careless reader may copy without harm. */
  private static final long MOST_ELEMENTS = 50_000_000;

  private HeaderAlone() {}

  /** A whole file's header with its length before it. */
  static byte[] of(byte[] whole) {
    return Arrays.copyOf(whole, Long.BYTES + Math.toIntExact(length(whole)));
  }

  /**
   * The header of a file of fp32.
   *
   * @param metadata a JSON object of texts
   * @param shapes of the tensors, by name
   */
  static byte[] of(ObjectNode metadata, Map<String, List<Long>> shapes) {
    ObjectNode header = Json.object();
    header.set(METADATA, metadata);
    shapes.forEach(
        (name, shape) ->
            shape.forEach(header.putObject(name).put("dtype", "F32").putArray("shape")::add));
    return laidOut(header);
  }

  /** Puts zeros behind a header, as many as its tensors take, if it is as long as it says. */
  static void grow(Path file) throws IOException {
    byte[] header = Inputs.read(file);
    if (header.length >= Long.BYTES && length(header) == header.length - Long.BYTES) {
      long zeros = 0;
      Matcher ends = END.matcher(new String(header, StandardCharsets.ISO_8859_1));
      while (ends.find()) {
        zeros = Math.max(zeros, Long.parseLong(ends.group(1)));
      }
      try (RandomAccessFile whole = new RandomAccessFile(file.toFile(), "rw")) {
        whole.setLength(header.length + zeros);
      }
    }
  }

  /**
   * A header that is whole, with one to three tensors or entries that are not what they should be:
   * another type or shape, another name, or gone.
   */
  static byte[] reshaped(byte[] header, long seed) {
    Random random = new Random(seed);
    ObjectNode tree;
    try {
      tree = (ObjectNode) Json.READER.readTree(header, Long.BYTES, header.length - Long.BYTES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int changes = 1 + random.nextInt(3); changes > 0 && tree.size() > 1; changes--) {
      List<String> names = new ArrayList<>();
      tree.fieldNames().forEachRemaining(names::add);
      String name = random.nextInt(10) == 0 ? METADATA : names.get(random.nextInt(names.size()));
      if (name.equals(METADATA)) {
        metadata((ObjectNode) tree.path(name), random);
      } else {
        tensor(tree, name, random);
      }
    }
    return laidOut(tree);
  }

  private static void metadata(ObjectNode metadata, Random random) {
    List<String> keys = new ArrayList<>();
    metadata.fieldNames().forEachRemaining(keys::add);
    if (!keys.isEmpty()) {
      String key = keys.get(random.nextInt(keys.size()));
      byte[] text = metadata.path(key).asText().getBytes(StandardCharsets.UTF_8);
      byte[] damaged = new Mutator(random.nextLong()).words(text);
      metadata.put(key, new String(damaged, StandardCharsets.UTF_8));
    }
  }

  private static void tensor(ObjectNode tree, String name, Random random) {
    ObjectNode tensor = (ObjectNode) tree.path(name);
    ArrayNode shape = (ArrayNode) tensor.path("shape");
    int at = shape.isEmpty() ? 0 : random.nextInt(shape.size());
    switch (random.nextInt(8)) {
      case 0 -> tree.remove(name);
      case 1 -> tree.set(name + ".x", tree.remove(name));
      case 2 -> tensor.put("dtype", TYPES.get(random.nextInt(TYPES.size())));
      case 3 -> shape.insert(at, SIZES.get(random.nextInt(SIZES.size())));
      case 4 -> shape.removeAll();
      case 5 -> shape.remove(at);
      default -> {
        shape.remove(at);
        shape.insert(at, SIZES.get(random.nextInt(SIZES.size())));
      }
    }
    if (elements(shape) > MOST_ELEMENTS) {
      shape.insert(0, 0);
    }
  }

  /** The tensors one behind the other. */
  private static byte[] laidOut(ObjectNode tree) {
    long at = 0;
    for (Map.Entry<String, JsonNode> entry : tree.properties()) {
      if (!entry.getKey().equals(METADATA)) {
        ObjectNode tensor = (ObjectNode) entry.getValue();
        long end = at + elements(tensor.path("shape")) * bytes(tensor.path("dtype").asText());
        tensor.putArray("data_offsets").add(at).add(end);
        at = end;
      }
    }
    byte[] header = tree.toString().getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(Long.BYTES + header.length).order(ByteOrder.LITTLE_ENDIAN);
    return out.putLong(header.length).put(header).array();
  }

  private static long elements(JsonNode shape) {
    long elements = 1;
    for (JsonNode size : shape) {
      elements *= size.longValue();
    }
    return elements;
  }

  private static long bytes(String type) {
    return DType.ofLabel(type).map(known -> (long) known.bytes()).orElse(1L);
  }

  private static long length(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
  }
}

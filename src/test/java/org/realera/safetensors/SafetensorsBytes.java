package org.realera.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Safetensors files made by hand, right or wrong. */
final class SafetensorsBytes {
  private SafetensorsBytes() {}

  /** A file with this header, its true length before it, and this much data after it. */
  static byte[] file(String header, byte[] data) {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    return file(json.length, json, data);
  }

  /** A file whose header may lie about its length. */
  static byte[] file(long claimed, byte[] json, byte[] data) {
    return ByteBuffer.allocate(8 + json.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(claimed)
        .put(json)
        .put(data)
        .array();
  }

  /** A header's entry. */
  static String entry(String name, String dtype, String shape, long begin, long end) {
    return "\"%s\":{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(name, dtype, shape, begin, end);
  }

  static Path write(Path folder, byte[] content) {
    try {
      return Files.write(folder.resolve("test.safetensors"), content);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}

package org.realera.safetensors;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.IoErrors;
import org.realera.files.Json;

/**
 * The JSON at the start of a safetensors file, checked: every tensor's bytes lie inside the file,
 * match its dtype and shape, and together cover the data section without gap or overlap. The format
 * is that of github.com/huggingface/safetensors.
 *
 * @param metadata {@code __metadata__}, empty if there is none
 * @param entries the tensors in the order of their bytes
 */
record SafetensorsHeader(SortedMap<String, String> metadata, List<Entry> entries) {

  /** The reference implementation refuses longer headers too. */
  static final int MAX_BYTES = 100_000_000;

  private static final String METADATA = "__metadata__";

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  /**
   * One tensor and where it lies.
   *
   * @param begin first byte, counted from the start of the data section
   */
  record Entry(TensorInfo info, long begin) {
    long end() {
      return begin + info.byteSize();
    }
  }

  SafetensorsHeader {
    metadata = Collections.unmodifiableSortedMap(metadata);
    entries = List.copyOf(entries);
  }

  /**
   * Parses and checks a header.
   *
   * @param file named in errors
   * @param json the header's bytes
   * @param dataBytes length of the file after the header
   * @throws RealeraException damaged
   */
  static SafetensorsHeader parse(Path file, ByteBuffer json, long dataBytes) {
    return new Reader(file).read(json, dataBytes);
  }

  /** A tensor's name as it may stand in a one-line message. */
  static String printable(String name) {
    StringBuilder line = new StringBuilder();
    name.codePoints()
        .limit(200)
        .forEach(c -> line.append(Character.isISOControl(c) ? "?" : Character.toString(c)));
    return name.length() > 200 ? line + "..." : line.toString();
  }

  private static final class Reader {
    private final Path file;

    Reader(Path file) {
      this.file = file;
    }

    SafetensorsHeader read(ByteBuffer json, long dataBytes) {
      SortedMap<String, String> metadata = new TreeMap<>();
      List<Entry> entries = new ArrayList<>();
      try (JsonParser parser =
          JSON.createParser(StandardCharsets.UTF_8.newDecoder().decode(json).toString())) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw damaged("its header is not a JSON object");
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = requireWhole(parser.currentName());
          parser.nextToken();
          if (name.equals(METADATA)) {
            readMetadata(parser, metadata);
          } else {
            entries.add(readEntry(parser, name));
          }
        }
        if (parser.nextToken() != null) {
          throw damaged("its header goes on after the JSON object's end");
        }
      } catch (CharacterCodingException e) {
        throw damaged("its header is not UTF-8 text");
      } catch (JsonProcessingException e) {
        throw damaged("its header is not valid JSON: " + printable(Json.reason(e)));
      } catch (IOException e) {
        throw IoErrors.reading(file, e);
      }
      entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
      checkCoverage(entries, dataBytes);
      return new SafetensorsHeader(metadata, entries);
    }

    private void readMetadata(JsonParser parser, SortedMap<String, String> metadata)
        throws IOException {
      if (parser.currentToken() == JsonToken.VALUE_NULL) {
        return;
      }
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw damaged("__metadata__ should be an object of strings");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = requireWhole(parser.currentName());
        if (parser.nextToken() != JsonToken.VALUE_STRING) {
          throw damaged("__metadata__ entry " + printable(key) + " should be a string");
        }
        metadata.put(key, requireWhole(parser.getText()));
      }
    }

    /** An escape may stand for half a character, which is no text and can't be written again. */
    private String requireWhole(String text) {
      if (text.codePoints().anyMatch(c -> c >= 0xd800 && c <= 0xdfff)) {
        throw damaged("its header has half of a surrogate pair, which is no character");
      }
      return text;
    }

    private Entry readEntry(JsonParser parser, String name) throws IOException {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw damaged(name, "its entry should be an object with dtype, shape and data_offsets");
      }
      @Nullable DType dtype = null;
      @Nullable List<Long> shape = null;
      @Nullable List<Long> offsets = null;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        switch (key) {
          case "dtype" -> dtype = readDType(parser, name);
          case "shape" -> shape = readNumbers(parser, name, key);
          case "data_offsets" -> offsets = readNumbers(parser, name, key);
          default -> parser.skipChildren();
        }
      }
      if (dtype == null || shape == null || offsets == null) {
        String missing = dtype == null ? "dtype" : shape == null ? "shape" : "data_offsets";
        throw damaged(name, "its entry has no " + missing);
      }
      return checkEntry(name, dtype, shape, offsets);
    }

    private DType readDType(JsonParser parser, String name) throws IOException {
      if (parser.currentToken() != JsonToken.VALUE_STRING) {
        throw damaged(name, "dtype should be a string");
      }
      // It may be beside the point: whoever needs the tensor will say so.
      return DType.ofLabel(parser.getText()).orElse(DType.OTHER);
    }

    private List<Long> readNumbers(JsonParser parser, String name, String key) throws IOException {
      String expected = key + " should be a list of whole numbers";
      if (parser.currentToken() != JsonToken.START_ARRAY) {
        throw damaged(name, expected);
      }
      List<Long> numbers = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT) {
          throw damaged(name, expected);
        }
        if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
            || parser.getLongValue() < 0) {
          throw damaged(name, expected + " from 0 to 2^63 - 1, found " + parser.getText());
        }
        numbers.add(parser.getLongValue());
      }
      return numbers;
    }

    private Entry checkEntry(String name, DType dtype, List<Long> shape, List<Long> offsets) {
      if (offsets.size() != 2 || offsets.get(1) < offsets.get(0)) {
        throw damaged(name, "data_offsets should be [begin, end], found " + offsets);
      }
      long length = offsets.get(1) - offsets.get(0);
      TensorInfo info = new TensorInfo(name, dtype, dtype == DType.OTHER ? List.of(length) : shape);
      long expected;
      try {
        expected = info.byteSize();
      } catch (ArithmeticException e) {
        throw damaged(info.name(), "shape " + info.shapeText() + " has too many elements");
      }
      if (expected != length) {
        throw damaged(
            info.name(),
            "%s %s takes %s bytes, but data_offsets %s hold %s"
                .formatted(info.dtype(), info.shapeText(), expected, offsets, length));
      }
      return new Entry(info, offsets.get(0));
    }

    private void checkCoverage(List<Entry> entries, long dataBytes) {
      long position = 0;
      for (Entry entry : entries) {
        if (entry.begin() != position) {
          throw damaged(
              entry.info().name(),
              "its bytes should begin at %s, found %s (%s)"
                  .formatted(
                      position, entry.begin(), entry.begin() < position ? "overlap" : "gap"));
        }
        position = entry.end();
        if (position > dataBytes) {
          throw damaged(
              entry.info().name(),
              "its bytes end at %s, but the file holds only %s after the header (truncated?)"
                  .formatted(position, dataBytes));
        }
      }
      if (position != dataBytes) {
        throw damaged(
            "its tensors end at byte %s, but the file holds %s after the header"
                .formatted(position, dataBytes));
      }
    }

    private RealeraException damaged(String tensor, String what) {
      return damaged("tensor " + printable(tensor) + ": " + what);
    }

    private RealeraException damaged(String what) {
      return SafetensorsFile.damaged(file, what);
    }
  }
}

package org.realera.safetensors;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.files.IoErrors;
import org.realera.files.Json;
import org.realera.files.TextFile;

/**
 * The files that hold one component's weights.
 *
 * @param files safetensors files, in the order of their names
 * @param index the {@code *.index.json} that lists them, or empty if there is one plain file
 * @param variant {@code fp16}, or empty for the plain files
 */
public record WeightFiles(List<Path> files, Optional<Path> index, String variant) {
  private static final long MAX_INDEX_BYTES = 64L << 20;

  /** The name that transformers gives weights; all others are diffusers'. */
  private static final String TRANSFORMERS = "model";

  public WeightFiles {
    files = List.copyOf(files);
  }

  /**
   * The files to read: the plain ones if they are there, else the fp16 variant.
   *
   * @throws RealeraException not found, or damaged when only pickled weights are there
   */
  public static WeightFiles find(Path folder, String baseName) {
    List<WeightFiles> all = findAll(folder, baseName);
    if (all.isEmpty()) {
      throw missing(folder, baseName);
    }
    return all.get(0);
  }

  /**
   * Every set of safetensors files of this component that is there, the plain one first. Of one
   * file and a list of shards side by side, the one that {@code from_pretrained} loads: diffusers
   * takes the shards, transformers the file.
   */
  public static List<WeightFiles> findAll(Path folder, String baseName) {
    List<WeightFiles> found = new ArrayList<>();
    for (String variant : List.of("", "fp16")) {
      String dot = variant.isEmpty() ? "" : "." + variant;
      Path single = folder.resolve(baseName + dot + ".safetensors");
      Path index = folder.resolve(baseName + ".safetensors.index" + dot + ".json");
      boolean shardsFirst = !baseName.equals(TRANSFORMERS) && Files.exists(index);
      if (Files.exists(single) && !shardsFirst) {
        found.add(new WeightFiles(List.of(single), Optional.empty(), variant));
      } else if (Files.exists(index)) {
        List<Path> shards =
            new TreeSet<>(readIndex(index).values()).stream().map(folder::resolve).toList();
        found.add(new WeightFiles(shards, Optional.of(index), variant));
      }
    }
    return found;
  }

  /** Tensor name to file name, from an {@code *.index.json}; the names are checked to be plain. */
  static Map<String, String> readIndex(Path index) {
    JsonNode root;
    try {
      root = Json.STRICT.readTree(TextFile.read(index, MAX_INDEX_BYTES, "Fetch the file again."));
    } catch (JsonProcessingException e) {
      throw SafetensorsFile.damaged(index, "it is not valid JSON: " + Json.reason(e));
    } catch (IOException e) {
      throw IoErrors.reading(index, e);
    }
    JsonNode map = root.path("weight_map");
    if (!map.isObject() || map.isEmpty()) {
      throw SafetensorsFile.damaged(index, "it has no weight_map");
    }
    Map<String, String> weightMap = new TreeMap<>();
    map.properties()
        .forEach(
            entry -> {
              String file = entry.getValue().asText();
              // A file elsewhere on the disk has no business in a model.
              if (!file.endsWith(".safetensors") || !file.matches("[\\w.-]+")) {
                throw SafetensorsFile.damaged(
                    index,
                    "weight_map names the file %s for tensor %s, expected a .safetensors file beside it"
                        .formatted(
                            SafetensorsHeader.printable(file),
                            SafetensorsHeader.printable(entry.getKey())));
              }
              weightMap.put(entry.getKey(), file);
            });
    return weightMap;
  }

  private static RealeraException missing(Path folder, String baseName) {
    String wanted = baseName + ".safetensors";
    try (Stream<Path> entries = Files.list(folder)) {
      Optional<String> pickled =
          entries
              .map(p -> String.valueOf(p.getFileName()))
              .filter(n -> n.endsWith(".bin") || n.endsWith(".ckpt") || n.endsWith(".msgpack"))
              .sorted()
              .findFirst();
      if (pickled.isPresent()) {
        return RealeraException.damaged(
            "%s holds %s but no %s; pickled weights are not read"
                .formatted(folder, pickled.get(), wanted),
            "Save the model as safetensors: in Python,"
                + " DiffusionPipeline.from_pretrained(FOLDER).save_pretrained(NEW_FOLDER).");
      }
    } catch (IOException e) {
      return IoErrors.reading(folder, e);
    }
    return RealeraException.notFound(
        "%s has no %s (nor an index of shards, nor an fp16 variant)".formatted(folder, wanted),
        "Give a complete diffusers folder, or fetch the missing file.");
  }
}

package org.realera.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.checkpoint.architecture.ModelIndex;
import org.realera.files.AtomicFile;
import org.realera.files.IoErrors;
import org.realera.files.Json;
import org.realera.files.TextFile;

/**
 * Parts that a pipeline may list and that drawing does without. {@code from_pretrained} looks for
 * what model_index.json lists; so a copy lists none that it lacks.
 */
final class OptionalParts {
  static final List<String> NAMES = List.of("safety_checker", "feature_extractor", "image_encoder");

  private OptionalParts() {}

  /** Those that a model lists, but has no folder of: somebody has removed it. */
  static List<String> absent(Checkpoint model) {
    return NAMES.stream()
        .filter(part -> model.hasPart(part) && !Files.isDirectory(model.root().resolve(part)))
        .toList();
  }

  /** Copies one of a model's files: to the byte, but for an index that lists what is absent. */
  static void copy(Checkpoint source, Path file, Path target) {
    List<String> absent = absent(source);
    if (absent.isEmpty() || !file.equals(source.root().resolve(ModelIndex.FILE))) {
      FolderFiles.copy(file, target);
      return;
    }
    try {
      String index = TextFile.read(file, "Fetch the file again.");
      AtomicFile.write(target, unlisted(index, absent).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /** The text of an index of a model that was opened, without some parts. */
  static String unlisted(String index, List<String> parts) {
    try {
      if (Json.PYTHON.readTree(index) instanceof ObjectNode tree) {
        for (String part : parts) {
          if (tree.has(part)) {
            tree.putArray(part).addNull().addNull();
          }
        }
        if (parts.contains(NAMES.get(0)) && tree.has("requires_safety_checker")) {
          tree.put("requires_safety_checker", false);
        }
        return Json.PYTHON_PRETTY.writeValueAsString(tree) + "\n";
      }
      return index;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("the model was opened by it", e);
    }
  }
}

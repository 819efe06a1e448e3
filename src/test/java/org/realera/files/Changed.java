package org.realera.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;

/** A file of JSON that is not what it was. */
public final class Changed {
  private Changed() {}

  /**
   * Replaces one value of a file.
   *
   * @param pointer {@code /model/name}
   * @param json what it will be
   */
  public static void value(Path file, String pointer, String json) throws JsonProcessingException {
    JsonNode tree = Json.read(file);
    int last = pointer.lastIndexOf('/');
    ObjectNode parent = (ObjectNode) tree.at(pointer.substring(0, last));
    parent.set(pointer.substring(last + 1), Json.READER.readTree(json));
    Json.write(file, tree);
  }
}

package org.realera.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.realera.files.Json;

/**
 * Recipes on miniature models, and what a torch program found for each: NAME-cases.json and
 * NAME.safetensors. A case is the base's settings, then its method's, then its own.
 */
public final class MethodCases implements AutoCloseable {
  /** What is to hold of a case. */
  public interface Check {
    void of(MethodCase one) throws IOException;
  }

  private final JsonNode json;
  private final Golden golden;

  private MethodCases(JsonNode json, Golden golden) {
    this.json = json;
    this.golden = golden;
  }

  public static MethodCases open(String name) {
    return new MethodCases(
        Json.read(Golden.path(name + "-cases.json")), Golden.open(name + ".safetensors"));
  }

  /** A test of each case. */
  public Stream<DynamicTest> each(Check check) {
    return json.path("cases").properties().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () ->
                        check.of(
                            new MethodCase(entry.getKey(), settings(entry.getValue()), golden))));
  }

  private ObjectNode settings(JsonNode special) {
    ObjectNode whole = method(special.path("method").asText());
    put(special, whole);
    return whole;
  }

  /** The settings of a method's cases where they say nothing else; a copy. */
  public ObjectNode method(String method) {
    ObjectNode whole = Json.object();
    put(json.path("base"), whole);
    put(json.path("methods").path(method), whole);
    return whole;
  }

  private static void put(JsonNode from, ObjectNode into) {
    from.properties()
        .forEach(
            entry -> {
              if (entry.getValue() instanceof ObjectNode group) {
                into.withObject("/" + entry.getKey()).setAll(group);
              } else {
                into.set(entry.getKey(), entry.getValue());
              }
            });
  }

  @Override
  public void close() {
    golden.close();
  }
}

package org.realera.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.config.YamlNode.Mapping;
import org.realera.files.Json;

/**
 * Reads the settings of attacks from YAML. Keys that are absent have the value of {@code
 * configs/attack/object.yaml}.
 */
public final class AttackReader {
  /** The kinds that come along, each a file of {@code configs/attack}. */
  public static final List<String> KINDS =
      List.of("object", "celebrity", "style", "explicit", "pocket");

  private static final YamlWords WORDS =
      new YamlWords() {
        @Override
        public String whole() {
          return "the settings of attacks";
        }

        @Override
        public String remedy() {
          return "See configs/attack/object.yaml for an example of every key.";
        }
      };

  private AttackReader() {}

  /**
   * Settings that come along.
   *
   * @param kind one of {@link #KINDS}
   */
  public static AttackSettings builtIn(String kind) {
    return bind(resource(kind));
  }

  /**
   * Reads a file.
   *
   * @throws RealeraException (not found) if it is not there; (failed) if it can't be read; (usage)
   *     if it is empty or says what can't be, with its line
   */
  public static AttackSettings read(Path file) {
    if (!Files.exists(file)) {
      throw RealeraException.notFound(
          "no settings of attacks at " + file, "See configs/attack/ for those that come along.");
    }
    try {
      String yaml = YamlParser.read(file, "Give settings of attacks in YAML.", WORDS);
      return parse(file.toString(), yaml);
    } catch (IOException e) {
      throw new RealeraException(
          Kind.FAILED, "could not read " + file + ": " + e, "Check the file and its rights.", e);
    }
  }

  /**
   * Reads a text.
   *
   * @param name what to call it in errors
   * @throws RealeraException (usage) if it says what can't be, with its line
   */
  public static AttackSettings parse(String name, String yaml) {
    return bind(YamlRecords.group(YamlParser.file(name, yaml, WORDS), WORDS));
  }

  /**
   * Settings that come along, or those of a file, with single keys changed.
   *
   * @param nameOrFile one of {@link #KINDS}, which win, or a file
   * @param settings {@code KEY=VALUE} each, e.g. {@code p4d.steps=100}; the later wins. An attack
   *     may be written as options have it: {@code soft-prompt.steps=5}
   * @throws RealeraException as {@link #read(Path)}; (usage) if a setting is none
   */
  public static AttackSettings read(String nameOrFile, List<String> settings) {
    if (!KINDS.contains(nameOrFile) && !Files.exists(Path.of(nameOrFile))) {
      throw RealeraException.notFound(
          "there are no settings of attacks " + nameOrFile,
          "Check the path, or take " + String.join(" or ", KINDS) + ".");
    }
    AttackSettings whole =
        KINDS.contains(nameOrFile) ? builtIn(nameOrFile) : read(Path.of(nameOrFile));
    if (settings.isEmpty()) {
      return whole;
    }
    Mapping tree = (Mapping) YamlNode.of(YamlRecords.plain(whole));
    for (String setting : settings) {
      Setting one = Setting.of(setting, "p4d.steps=100");
      List<String> path = one.path().stream().map(key -> key.replace('-', '_')).toList();
      tree = tree.with(path, YamlParser.option(one.option(), one.value(), WORDS));
    }
    return YamlRecords.bind(tree, AttackSettings.class, WORDS);
  }

  /**
   * One group of settings as a tree.
   *
   * @param group {@code p4d}, ...; empty for none
   */
  public static JsonNode own(String group, AttackSettings settings) {
    JsonNode tree = Json.tree(YamlRecords.tree(settings)).path(group);
    return tree.isMissingNode() ? Json.object() : tree;
  }

  private static AttackSettings bind(Mapping said) {
    return YamlRecords.bind(resource(KINDS.get(0)).merged(said), AttackSettings.class, WORDS);
  }

  private static Mapping resource(String kind) {
    String name = "/org/realera/configs/attack/" + kind + ".yaml";
    try (InputStream in = AttackReader.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + name);
      }
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return YamlRecords.group(YamlParser.file("", yaml, WORDS), WORDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

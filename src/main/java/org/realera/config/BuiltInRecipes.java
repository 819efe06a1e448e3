package org.realera.config;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.realera.config.YamlNode.Entry;
import org.realera.config.YamlNode.Mapping;

/**
 * The recipes of {@code configs/erase}, which also stand in the jar. RealEra's are {@code
 * KIND.yaml}, another method's {@code METHOD/KIND.yaml}. The kind {@code object} says everything,
 * the others what differs. What any method has (concepts, templates, the report's images) comes
 * from RealEra's recipe of the kind, so that methods are compared on the same prompts; but what to
 * leave out of real text, for methods that read none.
 */
final class BuiltInRecipes {
  static final String STANDARD = "object";
  private static final Map<MethodName, Mapping> DEFAULTS = new EnumMap<>(MethodName.class);

  private BuiltInRecipes() {}

  /** Every key of a method's recipes with its default. */
  static synchronized Mapping defaults(MethodName method) {
    return DEFAULTS.computeIfAbsent(method, m -> of(STANDARD, m));
  }

  /** All that a kind's recipe says, the defaults aside. */
  static Mapping of(String kind, MethodName method) {
    Mapping realEra = read(kind + ".yaml");
    if (method == MethodName.REALERA) {
      return realEra;
    }
    Mapping common = common(realEra);
    if (!method.readsText()) {
      common = common.with(List.of("prior", "without"), YamlNode.of(List.of()));
    }
    return hasOwn(kind, method) ? common.merged(read(own(kind, method))) : common;
  }

  /** Whether a kind says anything of a method's settings; if not, the defaults hold. */
  static boolean hasOwn(String kind, MethodName method) {
    return exists(own(kind, method));
  }

  private static String own(String kind, MethodName method) {
    return method == MethodName.REALERA ? kind + ".yaml" : method.label() + "/" + kind + ".yaml";
  }

  private static Mapping common(Mapping recipe) {
    List<String> keys = YamlType.keys(EraseRecipe.class, null);
    Map<String, Entry> entries = new LinkedHashMap<>(recipe.entries());
    entries.keySet().retainAll(keys);
    return new Mapping(recipe.place(), entries);
  }

  private static boolean exists(String file) {
    return BuiltInRecipes.class.getResource(resource(file)) != null;
  }

  private static Mapping read(String file) {
    try (InputStream in = BuiltInRecipes.class.getResourceAsStream(resource(file))) {
      if (in == null) {
        throw new IllegalStateException("the jar has no " + resource(file));
      }
      String yaml = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      YamlNode root = YamlParser.file("", yaml, RecipeReader.WORDS);
      return YamlRecords.group(root, RecipeReader.WORDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String resource(String file) {
    return "/org/realera/configs/erase/" + file;
  }
}

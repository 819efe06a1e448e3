package org.realera.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.realera.golden.Shipped;

/** Every value of every recipe and attack that ships, after all defaults. */
class ShippedRecipesTest {
  private static final List<String> KINDS = List.of("celebrity", "style", "explicit", "pocket");

  private static Object tree(String kind, MethodName method) {
    return RecipeWriter.toTree(RecipeReader.builtIn(kind, method, List.of()));
  }

  /**
   * RealEra's recipe for objects is said whole. Of other kinds and methods the file says what they
   * have otherwise: a method's recipe for objects than RealEra's; one for another kind than the
   * method's for objects, with what RealEra's recipe of that kind changes.
   */
  @Test
  void everyRecipeComesToTheValuesThatTheFileSays() {
    Map<String, JsonNode> standard = Shipped.leaves(tree("object", MethodName.REALERA));
    Shipped shipped = new Shipped();
    shipped.differences("realera/object", Map.of(), tree("object", MethodName.REALERA));
    for (String kind : List.of("celebrity", "style", "explicit", "pocket", "pocket-drawn")) {
      shipped.differences("realera/" + kind, standard, tree(kind, MethodName.REALERA));
    }
    for (MethodName method : MethodName.values()) {
      if (method == MethodName.REALERA) {
        continue;
      }
      Object object = tree("object", method);
      shipped.differences(method.label() + "/object", standard, object);
      for (String kind : KINDS) {
        Map<String, JsonNode> expected = Shipped.leaves(object);
        expected.putAll(Shipped.differences(standard, tree(kind, MethodName.REALERA)));
        shipped.differences(method.label() + "/" + kind, expected, tree(kind, method));
      }
    }
    shipped.assertIs("recipes.txt");
  }

  @Test
  void everyAttackMaySpendWhatTheFileSays() {
    Shipped shipped = new Shipped();
    for (String kind : AttackReader.KINDS) {
      shipped.all(kind, YamlRecords.tree(AttackReader.builtIn(kind)));
    }
    shipped.assertIs("attacks.txt");
  }
}

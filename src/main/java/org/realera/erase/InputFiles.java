package org.realera.erase;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MaceSettings;
import org.realera.config.MethodName;
import org.realera.text.Captions;

/** Files beside the model that an erasure reads: those that its recipe names. */
final class InputFiles {
  private InputFiles() {}

  /**
   * Those of a recipe, by what they are: a run goes on only from one that read the same.
   *
   * @return name to SHA-256
   * @throws org.realera.RealeraException (not found, damaged) for captions or masks that can't be
   *     read
   */
  static Map<String, String> of(EraseRecipe recipe) {
    Map<String, String> files = new TreeMap<>();
    if (recipe.prior().hasFile()) {
      files.put("captions", Captions.sha256(Path.of(recipe.prior().captions())));
    }
    if (recipe.method() == MethodName.MACE) {
      MaceSettings k = recipe.settings(MaceSettings.class);
      if (!k.masks().own() && k.lora().enabled()) {
        List<String> concepts = recipe.concepts().stream().map(ConceptPair::concept).toList();
        MaskFolder masks = new MaskFolder(Path.of(k.masks().source()));
        files.put("masks", masks.sha256(concepts, k.lora().images()));
      }
    }
    return files;
  }
}

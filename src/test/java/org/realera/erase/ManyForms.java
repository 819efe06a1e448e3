package org.realera.erase;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.realera.Progress;
import org.realera.config.EraseRecipe;
import org.realera.files.FileTree;

/** Solves many closed forms in one process, for scripts/chaos/load.sh. */
public final class ManyForms {
  private ManyForms() {}

  /** How many, and a folder for the outputs, each of which is removed again. */
  public static void main(String[] args) throws IOException {
    Path folder = Files.createDirectories(Path.of(args[1]));
    EraseRecipe recipe = TinyModel.recipe().with("alignment.enabled", false);
    for (int i = 0; i < Integer.parseInt(args[0]); i++) {
      Path out = folder.resolve("model");
      EraseRequest request = TinyModel.request(recipe.with("seed", i), out);
      Erasure.run(request, Progress.NONE, new PriorCache(folder.resolve("prior")));
      FileTree.delete(out);
    }
  }
}

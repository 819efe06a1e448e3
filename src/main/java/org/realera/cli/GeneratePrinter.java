package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.SafeGuidance;

/** What {@code realera generate} says: the files, or each image as JSON. */
final class GeneratePrinter {
  private final Console console;
  private final boolean json;

  GeneratePrinter(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  /**
   * @param time how long it took, for people
   */
  void print(ImageOutput files, String time) {
    if (json) {
      List<Object> images = new ArrayList<>();
      for (int i = 0; i < files.requests().size(); i++) {
        // A sheet holds all of them.
        String file = files.files().get(Math.min(i, files.files().size() - 1)).toString();
        images.add(tree(file, files.requests().get(i), files.spm()));
      }
      console.printJson(JsonForm.GENERATE, Map.of("pictures", images));
    } else {
      files.files().forEach(console.out()::println);
    }
    int count = files.requests().size();
    console.note(count + (count == 1 ? " picture" : " pictures") + " in " + time);
  }

  private static Map<String, Object> tree(String file, ImageRequest drawn, @Nullable Path spm) {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("file", file);
    tree.put("prompt", drawn.prompt());
    tree.put("seed", drawn.seed());
    tree.put("steps", drawn.steps());
    tree.put("guidance", drawn.guidance());
    tree.put("width", drawn.width());
    tree.put("height", drawn.height());
    SafeGuidance safe = drawn.safe();
    if (safe != null) {
      tree.putAll(safe.words());
    }
    if (spm != null) {
      tree.put("spm", spm.toString());
    }
    return tree;
  }
}

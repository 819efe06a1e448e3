package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.realera.cli.json.GenerateJson;
import org.realera.cli.json.GenerateJson.Picture;

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
      List<Picture> pictures = new ArrayList<>();
      for (int i = 0; i < files.requests().size(); i++) {
        // A sheet holds all of them.
        Path file = files.files().get(Math.min(i, files.files().size() - 1));
        pictures.add(Picture.of(file, files.requests().get(i), files.spm()));
      }
      console.printJson(JsonForm.GENERATE, new GenerateJson(pictures));
    } else {
      files.files().forEach(console.out()::println);
    }
    int count = files.requests().size();
    console.note(count + (count == 1 ? " picture" : " pictures") + " in " + time);
  }
}

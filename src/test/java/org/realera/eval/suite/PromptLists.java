package org.realera.eval.suite;

import java.nio.file.Path;

/** Opens the prompt lists' reader to tests of damaged files. */
public final class PromptLists {
  private PromptLists() {}

  public static void i2p(Path file) {
    PromptCsv.i2p(file);
  }

  public static void coco(Path file) {
    PromptCsv.coco(file);
  }

  public static void artists(Path file) {
    PromptCsv.artists(file);
  }

  public static void celebrities(Path file) {
    PromptCsv.celebrities(file, "a portrait of {}");
  }
}

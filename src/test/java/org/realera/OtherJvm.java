package org.realera;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another process with the same classes, for what one process can't show of itself. */
public final class OtherJvm {
  private OtherJvm() {}

  /** A class's {@code main} with its arguments, not yet started. */
  public static ProcessBuilder running(Class<?> main, String... args) {
    String standard = System.getProperty("java.class.path");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-cp");
    command.add(System.getProperty("surefire.test.class.path", standard));
    command.add(main.getName());
    command.addAll(List.of(args));
    return new ProcessBuilder(command);
  }
}

package org.realera.files;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Folders that environment variables name, as the tools of this field read them. */
public final class Environment {
  private final Map<String, String> variables;

  public Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** The folder a variable names, {@code ~} resolved; empty if it is unset or empty. */
  public Optional<Path> folder(String variable) {
    String value = variables.getOrDefault(variable, "");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    if (value.equals("~") || value.startsWith("~/")) {
      return Optional.of(home().resolve(value.substring(Math.min(2, value.length()))));
    }
    return Optional.of(Path.of(value));
  }

  /** What a variable says; empty if it is unset. */
  public String value(String variable) {
    return variables.getOrDefault(variable, "");
  }

  /** Where the hub's tools keep their things: HF_HOME, else huggingface in the user's cache. */
  public Path huggingFaceHome() {
    return folder("HF_HOME").orElseGet(() -> userCache().resolve("huggingface"));
  }

  /** Where programs keep what they can make again: XDG_CACHE_HOME, else ~/.cache. */
  public Path userCache() {
    return folder("XDG_CACHE_HOME").orElseGet(() -> home().resolve(".cache"));
  }

  private Path home() {
    String home = variables.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home", ".") : home);
  }
}

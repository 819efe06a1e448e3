package org.realera.files;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Folders that environment variables name, as the tools of this field read them. */
public final class Environment {
  private static final Pattern REFERENCE = Pattern.compile("\\$(\\w+|\\{[^}]*\\})");

  private final Map<String, String> variables;

  public Environment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /**
   * The folder a variable names; empty if it is unset or empty. {@code ~/}, {@code $NAME} and
   * {@code ${NAME}} are resolved as huggingface_hub does (Python's expanduser, then expandvars):
   * what names no variable stays as it is.
   */
  public Optional<Path> folder(String variable) {
    String value = variables.getOrDefault(variable, "");
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        Path.of(
            REFERENCE
                .matcher(withHome(value))
                .replaceAll(m -> Matcher.quoteReplacement(expanded(m.group(), m.group(1))))));
  }

  /** A path in which a {@code ~} at the start stands for the user's home; other texts as is. */
  public String withHome(String path) {
    return path.equals("~") || path.startsWith("~/") ? home() + path.substring(1) : path;
  }

  private String expanded(String reference, String name) {
    String bare = name.startsWith("{") ? name.substring(1, name.length() - 1) : name;
    return variables.getOrDefault(bare, reference);
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
  private Path userCache() {
    return folder("XDG_CACHE_HOME").orElseGet(() -> home().resolve(".cache"));
  }

  /**
   * Where realera keeps what it can make again: REALERA_CACHE, else realera in the user's cache.
   */
  public Path realeraCache() {
    return folder("REALERA_CACHE").orElseGet(() -> userCache().resolve("realera"));
  }

  private Path home() {
    String home = variables.getOrDefault("HOME", "");
    return Path.of(home.isEmpty() ? System.getProperty("user.home", ".") : home);
  }
}

package org.realera.hub;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.realera.RealeraException;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.files.Environment;
import org.realera.files.HalfReplaced;
import org.realera.safetensors.Pickles;

/**
 * Turns what a user calls a model into a diffusers folder or a single file: a folder or {@code
 * .safetensors} file, {@code pocket}, or a hub name or alias that is in the Hugging Face cache.
 * Never goes to the network, never picks another model. What may be fetched from a hub first,
 * {@link #hubName} says.
 */
public final class ModelLocator {
  /** The small model that is embedded in the program. */
  public static final String POCKET = "pocket";

  private static final Pattern SINGLE_FILE =
      Pattern.compile(".*\\.(safetensors|ckpt|pt|pth|bin|gguf)", Pattern.CASE_INSENSITIVE);
  private static final Pattern SAFETENSORS =
      Pattern.compile(".*\\.safetensors", Pattern.CASE_INSENSITIVE);
  private static final Pattern QUANTISED = Pattern.compile(".*\\.gguf", Pattern.CASE_INSENSITIVE);

  /** Where an alias has more than one hub name, the first that is in the cache is taken. */
  private static final Map<String, List<String>> ALIASES =
      new TreeMap<>(
          Map.of(
              "sd-v1-1", List.of("CompVis/stable-diffusion-v1-1"),
              "sd-v1-2", List.of("CompVis/stable-diffusion-v1-2"),
              "sd-v1-3", List.of("CompVis/stable-diffusion-v1-3"),
              "sd-v1-4", List.of("CompVis/stable-diffusion-v1-4"),
              "sd-v1-5",
                  List.of(
                      "stable-diffusion-v1-5/stable-diffusion-v1-5",
                      "runwayml/stable-diffusion-v1-5")));

  private ModelLocator() {}

  /**
   * Finds a model.
   *
   * @param modelRef folder, {@code pocket}, alias or hub name; a folder that exists wins over a hub
   *     name, as in diffusers
   * @param env environment variables: HF_HUB_CACHE, HUGGINGFACE_HUB_CACHE, HF_HOME, XDG_CACHE_HOME,
   *     HOME, REALERA_CACHE
   * @return a folder or {@code .safetensors} file that exists; what is in it is not checked yet
   * @throws RealeraException not found, naming where it was looked for; damaged for other files
   */
  public static Path locate(String modelRef, Map<String, String> env) {
    return locate(modelRef, Wanted.MODEL, env);
  }

  /**
   * The same for a scorer, too.
   *
   * @param wanted what it is to be, for the remedies of errors
   */
  public static Path locate(String modelRef, Wanted wanted, Map<String, String> env) {
    return locateCanonical(canonical(modelRef, env), wanted, new Environment(env));
  }

  private static Path locateCanonical(String modelRef, Wanted wanted, Environment environment) {
    if (modelRef.equals(POCKET)) {
      return new PocketModel(environment).modelFolder();
    }
    Path path = path(modelRef);
    if (Files.isDirectory(path)) {
      return path;
    }
    if (SAFETENSORS.matcher(modelRef).matches() && Files.isRegularFile(path)) {
      return path;
    }
    boolean single = SINGLE_FILE.matcher(modelRef).matches();
    if (Files.exists(path)) {
      throw single ? singleFile(path) : notAFolder(path);
    }
    HalfReplaced.find(path)
        .ifPresent(
            found -> {
              throw found.error();
            });
    HubCache cache = new HubCache(environment);
    List<String> names = ALIASES.get(modelRef.toLowerCase(Locale.ROOT));
    if (names != null) {
      return cache.snapshot(
          names.stream().filter(cache::has).findFirst().orElse(names.get(0)), wanted);
    }
    if (!single && isHubName(modelRef)) {
      return cache.snapshot(modelRef, wanted);
    }
    throw RealeraException.notFound(
        "there is no model %s: no such folder, hub name or alias (%s)"
            .formatted(HubErrors.oneLine(modelRef), String.join(", ", ALIASES.keySet())),
        wanted.kinds());
  }

  /**
   * What {@link #locate} would look for in the Hugging Face cache.
   *
   * @return {@code ORG/NAME} or {@code ORG/NAME@REVISION}; empty for whatever is found or missing
   *     elsewhere
   */
  public static Optional<String> hubName(String asked, Map<String, String> env) {
    String modelRef = canonical(asked, env);
    List<String> names = ALIASES.get(modelRef.toLowerCase(Locale.ROOT));
    boolean single = SINGLE_FILE.matcher(modelRef).matches();
    boolean isName = isHubName(modelRef);
    if (names == null && (single || !isName)) {
      return Optional.empty();
    }
    if (Files.exists(path(modelRef)) || HalfReplaced.find(path(modelRef)).isPresent()) {
      return Optional.empty();
    }
    if (names == null) {
      return Optional.of(modelRef);
    }
    HubCache cache = new HubCache(new Environment(env));
    return Optional.of(names.stream().filter(cache::has).findFirst().orElse(names.get(0)));
  }

  /**
   * The plainest form of what a user calls a model: {@code ORG/NAME} for its address on a hub, for
   * {@code ORG/NAME@main} and {@code ORG/NAME/}; {@code ORG/NAME@REVISION} for another revision;
   * the home folder for {@code ~}; else as it is.
   *
   * @throws RealeraException (usage) for an empty name, an address that is no model's, and what can
   *     be no revision
   */
  public static String canonical(String modelRef, Map<String, String> env) {
    if (modelRef.isBlank()) {
      throw RealeraException.usage(
          "the model's name is empty", "Give --model a folder, a hub name or `pocket`.");
    }
    Environment environment = new Environment(env);
    String plain = environment.withHome(modelRef);
    boolean file = SINGLE_FILE.matcher(plain).matches() && HubReference.isName(plain);
    if (file || Files.exists(path(plain))) {
      return plain;
    }
    String alias = plain.replaceFirst("(@main)?/*$", "");
    if (ALIASES.containsKey(alias.toLowerCase(Locale.ROOT))) {
      return alias;
    }
    return HubReference.of(plain, environment).map(HubReference::plain).orElse(plain);
  }

  /** Of a canonical form: whether it is a name on a hub, with or without a revision. */
  private static boolean isHubName(String canonical) {
    return HubReference.isName(canonical.replaceFirst("@.*", ""));
  }

  /** The short names of models on the hub. */
  public static Collection<String> aliases() {
    return Collections.unmodifiableCollection(ALIASES.keySet());
  }

  /** The hub name that a short name such as {@code sd-v1-4} stands for first. */
  public static Optional<String> hubAlias(String name) {
    return Optional.ofNullable(ALIASES.get(name.toLowerCase(Locale.ROOT)))
        .map(names -> names.get(0));
  }

  private static Path path(String modelRef) {
    try {
      return Path.of(modelRef);
    } catch (InvalidPathException e) {
      throw RealeraException.usage(
          "%s can't be the name of a model".formatted(HubErrors.oneLine(modelRef)),
          "Give --model a folder, a hub name or `pocket`.");
    }
  }

  private static RealeraException singleFile(Path file) {
    if (QUANTISED.matcher(file.toString()).matches()) {
      return RealeraException.damaged(
          file + " holds quantised weights (GGUF), which can't be edited",
          "Give the .safetensors file or the diffusers folder that it was made from.");
    }
    return Pickles.refused(file);
  }

  private static RealeraException notAFolder(Path file) {
    return RealeraException.damaged(
        file + " is neither a diffusers folder nor a .safetensors file",
        "Give the folder that holds model_index.json, or a .safetensors file of Stable Diffusion"
            + " 1.x or 2.x.");
  }
}

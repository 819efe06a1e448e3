package org.realera.convert;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.realera.Version;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelRef;
import org.realera.checkpoint.architecture.Prediction;
import org.realera.files.IoErrors;

/** The metadata of the files we write: what they are, from what, and under which licence. */
final class FileMetadata {
  private static final String NOT_STATED = "not stated";

  /** Begins and ends the front matter of a model card. */
  private static final String FENCE = "---";

  private static final String LICENSE = "license:";

  /** What a model may bring that tells more than a word does. */
  private static final List<String> TEXTS =
      List.of("LICENSE", "LICENSE.md", "LICENSE.txt", "ATTRIBUTION.md", "licenses");

  /** Names under which the models of this licence are published. */
  private static final Pattern OPENRAIL =
      Pattern.compile("(?i)(.*/)?(sd-v1-\\d|stable-diffusion-v1-\\d)");

  private static final Pattern HUB_NAME = Pattern.compile("\\w[\\w.-]*(/\\w[\\w.-]*)?");

  private FileMetadata() {}

  /**
   * What stands in a file made from a model.
   *
   * @param form what follows the architecture in the words of the modelspec convention: {@code
   *     /lora}; empty for a whole model
   */
  static Map<String, String> of(ModelRef ref, Checkpoint model, String form) {
    return of(ref.name(), model, Manifest.find(model.root()), form);
  }

  /**
   * The same of an erasure that is still on.
   *
   * @param name of the model
   * @param manifest what was erased from it, if anything
   */
  static Map<String, String> of(
      String name, Checkpoint model, Optional<Manifest> manifest, String form) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "pt");
    metadata.put("modelspec.sai_model_spec", "1.0.0");
    metadata.put("modelspec.architecture", architecture(model) + form);
    Prediction.find(model.schedulerConfig().predictionType())
        .ifPresent(p -> metadata.put("modelspec.prediction_type", p.modelSpec()));
    metadata.put("modelspec.title", title(name, manifest));
    metadata.put("modelspec.license", license(name, model, manifest));
    metadata.put("realera.version", Version.current());
    metadata.put("realera.model", shareable(name));
    manifest.ifPresent(
        m -> {
          metadata.put("realera.erased", String.join(", ", m.pairs()));
          metadata.put("realera.erased_from", shareable(m.model().ref()));
          m.model()
              .sha256()
              .forEach((part, sha) -> metadata.put("realera.erased_from.sha256." + part, sha));
          metadata.put("realera.seed", String.valueOf(m.seed()));
        });
    return metadata;
  }

  private static String architecture(Checkpoint model) {
    if (!model.isVersion2()) {
      return "stable-diffusion-v1";
    }
    boolean v = model.schedulerConfig().predictionType().equals(Prediction.V.key());
    return v ? "stable-diffusion-v2-768-v" : "stable-diffusion-v2-512";
  }

  private static String title(String name, Optional<Manifest> manifest) {
    return manifest
        .map(m -> shareable(m.model().ref()) + " without " + String.join(", ", m.pairs()))
        .orElse(shareable(name));
  }

  /** A hub name as it is; of a path the last part: others need not know where somebody works. */
  static String shareable(String name) {
    if (HUB_NAME.matcher(name).matches()) {
      return name;
    }
    Path last = Path.of(name).toAbsolutePath().normalize().getFileName();
    return last == null ? name : last.toString();
  }

  /** A card's text; what is not UTF-8 in it is no reason to stop. */
  private static String text(Path card) throws IOException {
    String text = new String(Files.readAllBytes(card), StandardCharsets.UTF_8);
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  /** The licence that a card's front matter names, which may stand on the line below its key. */
  private static Optional<String> stated(String card) {
    Iterator<String> lines = card.lines().iterator();
    String found = "";
    boolean wanted = false;
    if (!lines.hasNext() || !lines.next().equals(FENCE)) {
      return Optional.empty();
    }
    while (lines.hasNext()) {
      String line = lines.next();
      if (line.startsWith(FENCE)) {
        return Optional.of(found).filter(text -> !text.isEmpty());
      }
      boolean key = line.startsWith(LICENSE);
      if (found.isEmpty() && (key || (wanted && line.matches("[\\s-].*")))) {
        found = line.substring(key ? LICENSE.length() : 0).strip();
      }
      wanted = key;
    }
    return Optional.empty();
  }

  /** The licence as far as the model tells; whoever shares a file must know. */
  static String license(String name, Checkpoint model, Optional<Manifest> manifest) {
    Path card = model.root().resolve("README.md");
    try {
      if (Files.isRegularFile(card)) {
        Optional<String> stated = stated(text(card));
        if (stated.isPresent()) {
          return stated.get();
        }
      }
    } catch (IOException e) {
      throw IoErrors.reading(card, e);
    }
    Optional<String> inFile = model.statedLicense().filter(text -> !text.startsWith(NOT_STATED));
    if (inFile.isPresent()) {
      return inFile.get();
    }
    String source = shareable(manifest.map(m -> m.model().ref()).orElse(name));
    if (OPENRAIL.matcher(source).matches()) {
      return "creativeml-openrail-m";
    }
    List<String> texts =
        TEXTS.stream().filter(text -> Files.exists(model.root().resolve(text))).toList();
    if (!texts.isEmpty()) {
      return "see " + String.join(" and ", texts) + " in the model";
    }
    return manifest.isPresent() ? NOT_STATED + "; that of " + source + " applies" : NOT_STATED;
  }
}

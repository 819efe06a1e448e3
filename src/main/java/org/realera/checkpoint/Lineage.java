package org.realera.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.files.Digests;

/** What a model was made from, by its realera.json: the source, that one's source, and so on. */
public final class Lineage {
  private final List<Source> sources;

  /**
   * A model that it goes back to.
   *
   * @param ref as the user named it
   * @param version of the program that erased from it
   * @param sha256 as {@link Manifest.Model#sha256}
   */
  private record Source(String ref, String version, SortedMap<String, String> sha256) {
    /** Whether the file says anything of its weights. */
    boolean isKnown() {
      return sha256.containsKey(Checkpoint.UNET) || sha256.containsKey(Extent.PROJECTIONS);
    }

    boolean isWhole() {
      return sha256.keySet().containsAll(Checkpoint.COMPONENTS)
          && sha256.containsKey(Checkpoint.CONFIG)
          && sha256.containsKey(Checkpoint.TOKENIZER);
    }
  }

  private Lineage(List<Source> sources) {
    this.sources = List.copyOf(sources);
  }

  /**
   * Reads it.
   *
   * @param model folder or file; one that is not there has none
   * @throws RealeraException (damaged) if there is a realera.json that can't be read
   */
  public static Lineage of(Path model) {
    List<Source> all = new ArrayList<>();
    if (Files.exists(model)) {
      Manifest.find(Checkpoint.filesOf(model))
          .ifPresent(
              made -> {
                all.add(new Source(made.model().ref(), made.version(), made.model().sha256()));
                JsonNode earlier = made.model().previous();
                while (earlier != null && earlier.isObject()) {
                  all.add(source(earlier));
                  earlier = earlier.path("model").path("previous");
                }
              });
    }
    return new Lineage(all);
  }

  private static Source source(JsonNode manifest) {
    JsonNode model = manifest.path("model");
    SortedMap<String, String> sha256 = new TreeMap<>();
    model
        .path("sha256")
        .properties()
        .forEach(entry -> sha256.put(entry.getKey(), entry.getValue().asText()));
    return new Source(model.path("ref").asText(), manifest.path("realera").asText(), sha256);
  }

  /** The name of the model that it was made from; empty if nobody knows. */
  public String madeFrom() {
    return sources.isEmpty() ? "" : sources.get(0).ref();
  }

  /**
   * Whether a model is none that this one goes back to. The U-Net tells, or its projections where
   * no more was read: the text encoder and the VAE have other tensors in a single file than in a
   * folder, and users exchange a VAE.
   *
   * @param base folder or file
   * @return false, too, if realera.json does not tell
   */
  public boolean isForeign(Path base) {
    if (sources.isEmpty() || !sources.stream().allMatch(Source::isKnown)) {
      return false;
    }
    Checkpoint opened = Checkpoint.open(base);
    Map<String, String> read = new HashMap<>();
    return sources.stream().noneMatch(source -> isSame(source, opened, read));
  }

  private static boolean isSame(Source source, Checkpoint base, Map<String, String> read) {
    String part =
        source.sha256().containsKey(Checkpoint.UNET) ? Checkpoint.UNET : Extent.PROJECTIONS;
    return read.computeIfAbsent(part, name -> digest(base, name)).equals(source.sha256().get(part));
  }

  private static String digest(Checkpoint base, String part) {
    return part.equals(Checkpoint.UNET)
        ? base.fingerprint(part)
        : base.fingerprintsOfFinite(Extent.TEXT_AND_PROJECTIONS).getOrDefault(part, "");
  }

  /**
   * Whether a model is one that this one goes back to, if the same version computed both.
   *
   * @param fingerprint as {@link Checkpoint#fingerprint()}
   */
  public boolean isFrom(String fingerprint) {
    return sources.stream()
        .anyMatch(one -> one.isWhole() && digest(one.sha256()).equals(fingerprint));
  }

  /** Whether realera.json names a source. */
  public boolean isKnown() {
    return !sources.isEmpty();
  }

  /**
   * The same of a model of which only the fingerprint is known.
   *
   * @param fingerprint as {@link Checkpoint#fingerprint()}
   * @param version of the program that computed it: another's is not comparable
   */
  public boolean isForeign(String fingerprint, String version) {
    return !sources.isEmpty()
        && sources.stream().allMatch(one -> one.isWhole() && one.version().equals(version))
        && !isFrom(fingerprint);
  }

  /** One SHA-256 over those of the parts, in hexadecimal. */
  static String digest(SortedMap<String, String> parts) {
    MessageDigest all = Digests.digest();
    parts.forEach(
        (name, hex) -> all.update((name + " " + hex + "\n").getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(all.digest());
  }
}

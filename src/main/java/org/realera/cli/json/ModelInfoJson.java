package org.realera.cli.json;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.Manifest;
import org.realera.convert.ModelDiff;
import org.realera.convert.ModelInfo;
import org.realera.convert.TensorDifference;

/**
 * {@code realera model info}.
 *
 * @param location the folder or file
 * @param bytes of all parts' tensors
 * @param parameters of all parts
 * @param parts by name
 * @param realera what made it; null if this program did not
 * @param diff what makes it differ from another; null if nobody asked
 */
public record ModelInfoJson(
    String location,
    String form,
    String kind,
    boolean supported,
    long bytes,
    long parameters,
    Map<String, String> facts,
    Map<String, Part> parts,
    @Nullable Made realera,
    @Nullable Diff diff) {

  /**
   * A network.
   *
   * @param types dtype to how many tensors are stored in it
   */
  public record Part(long parameters, int tensors, Map<String, Integer> types, long bytes) {}

  /**
   * What realera.json says.
   *
   * @param version of the program
   * @param base as the user named it
   * @param baseSha256 component to SHA-256
   * @param concepts {@code concept=anchor} each
   */
  public record Made(
      String version,
      String base,
      Map<String, String> baseSha256,
      List<String> concepts,
      long seed) {
    private static Made of(Manifest manifest) {
      return new Made(
          manifest.version(),
          manifest.model().ref(),
          manifest.model().sha256(),
          manifest.pairs(),
          manifest.seed());
    }
  }

  /**
   * What differs.
   *
   * @param base as the user named it
   * @param changed by tensor
   * @param otherShape tensors, and so are the next two
   * @param same how many tensors
   * @param sameInAnotherType how many of those
   */
  public record Diff(
      String base,
      Map<String, Changed> changed,
      List<String> otherShape,
      List<String> notInBase,
      List<String> onlyInBase,
      int same,
      int sameInAnotherType) {

    /** What differs from a base of this name. */
    public static Diff of(String base, ModelDiff diff) {
      Map<String, Changed> changed = new LinkedHashMap<>();
      diff.changed().forEach((name, one) -> changed.put(name, Changed.of(one)));
      return new Diff(
          base,
          changed,
          diff.reshaped(),
          diff.added(),
          diff.missing(),
          diff.same(),
          diff.otherType());
    }
  }

  /**
   * How one tensor differs.
   *
   * @param largest difference of two elements
   * @param relative Frobenius; null if the base's is zero
   */
  public record Changed(double largest, @Nullable Double relative) {
    private static Changed of(TensorDifference one) {
      return new Changed(
          one.largest(), one.relative().isPresent() ? one.relative().getAsDouble() : null);
    }
  }

  /** What a model is, and how it differs from another, or null. */
  public static ModelInfoJson of(ModelInfo info, @Nullable Diff diff) {
    Map<String, Part> parts = new LinkedHashMap<>();
    for (ModelInfo.Part part : info.parts()) {
      parts.put(
          part.name(), new Part(part.parameters(), part.tensors(), part.types(), part.bytes()));
    }
    return new ModelInfoJson(
        info.location().toString(),
        info.form(),
        info.kind(),
        info.supported(),
        info.bytes(),
        info.parameters(),
        info.facts(),
        parts,
        info.manifest().map(Made::of).orElse(null),
        diff);
  }
}

package org.realera.eval.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.Digests;
import org.realera.files.IoErrors;
import org.realera.files.Json;
import org.realera.files.TextFile;

/**
 * FID of a run's images: {@code fid.json}.
 *
 * @param fid the Frechet distance
 * @param features how many numbers the network gives for an image
 * @param images digest of the images' digests, by which a result is known to be of these
 * @param model digest of the network's file
 * @param reference what it was compared with
 * @param referenceDigest digest of that file, or of the images of that folder; null if an earlier
 *     version measured it
 */
public record FidResult(
    double fid,
    int features,
    String images,
    String model,
    String reference,
    @JsonProperty("reference_digest") @Nullable String referenceDigest) {
  private static final String FILE = "fid.json";
  private static final String REMEDY = "Remove it and run the same command again.";

  /** Jackson takes nothing for null, and null for 0. */
  private boolean isWhole() {
    return Double.isFinite(fid)
        && features > 0
        && Stream.of(images, model, reference).allMatch(Objects::nonNull);
  }

  /** What was measured of a run whose images are still the same; null if nothing was. */
  static @Nullable FidResult of(Path folder, List<ScoredImage> images) {
    FidResult result = read(folder);
    return result != null && result.images.equals(digest(images)) ? result : null;
  }

  /**
   * Reads {@code fid.json}.
   *
   * @return null if the folder has none
   * @throws RealeraException (damaged) if it makes no sense
   */
  public static @Nullable FidResult read(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      FidResult result = Json.READER.readValue(TextFile.read(file, REMEDY), FidResult.class);
      if (result == null || !result.isWhole()) {
        throw RealeraException.damaged(file + " lacks some of its figures", REMEDY);
      }
      return result;
    } catch (NoSuchFileException e) {
      return null;
    } catch (JsonProcessingException e) {
      throw RealeraException.damaged(
          file + " is no FID of this version: " + Json.reason(e), REMEDY);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /** Writes {@code fid.json}. */
  public void write(Path folder) {
    RunFiles.write(folder.resolve(FILE), RunFiles.toJson(this));
  }

  /** By which a result is known to be of these images. */
  public static String digest(List<ScoredImage> images) {
    StringBuilder all = new StringBuilder();
    images.forEach(image -> all.append(image.sha256()));
    return Digests.sha256(all.toString());
  }
}

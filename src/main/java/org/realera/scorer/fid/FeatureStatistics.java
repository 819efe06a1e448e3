package org.realera.scorer.fid;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.AtomicFile;
import org.realera.files.IoErrors;
import org.realera.scorer.fid.Inception.Resizing;

/**
 * Mean and covariance of feature vectors, and the {@code .npz} file that pytorch-fid and clean-fid
 * keep them in: arrays {@code mu} and {@code sigma}. Ours has a third, {@code resize}, which they
 * pass over.
 *
 * @param mean [d]
 * @param covariance [d, d], of the sample (divided by n - 1)
 * @param resizing who resized the images; null where nobody said so, as in the files of others
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes; nobody compares or prints these
public record FeatureStatistics(double[] mean, double[] covariance, @Nullable Resizing resizing) {
  private static final String MEAN = "mu";
  private static final String COVARIANCE = "sigma";
  private static final String RESIZE = "resize";
  private static final String REMEDY =
      "Give a .npz file with mu and sigma: one of `realera eval score fid --save-statistics`, or one"
          + " that clean-fid's make_custom_stats wrote in mode clean (with --resize inside: in mode"
          + " legacy_tensorflow). pytorch-fid resizes in a way of its own.";

  /** Bytes of an array, unpacked; those of 2,048 features take 32 MiB. */
  private static final int MOST = 256 << 20;

  /** Throws {@link IllegalArgumentException} unless there are d and d x d numbers. */
  public FeatureStatistics {
    if (covariance.length != (long) mean.length * mean.length) {
      throw new IllegalArgumentException(
          "a mean of " + mean.length + " and a covariance of " + covariance.length + " numbers");
    }
  }

  /** Statistics of images of which nobody says who resized them. */
  public FeatureStatistics(double[] mean, double[] covariance) {
    this(mean, covariance, null);
  }

  /** The same, of images that were resized so. */
  public FeatureStatistics resizedBy(Resizing by) {
    return new FeatureStatistics(mean, covariance, by);
  }

  /** The number of features, d. */
  public int size() {
    return mean.length;
  }

  /**
   * Reads precomputed statistics.
   *
   * @throws RealeraException (not found); (damaged) if it is no such file
   */
  public static FeatureStatistics read(Path file) {
    if (!Files.isRegularFile(file)) {
      throw RealeraException.notFound("there are no feature statistics " + file, REMEDY);
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      Npy mean = array(zip, MEAN, file);
      Npy covariance = array(zip, COVARIANCE, file);
      int d = mean.values().length;
      if (mean.shape().size() != 1 || !covariance.shape().equals(List.of(d, d))) {
        throw damaged(
            file,
            "mu is "
                + mean.shape()
                + " and sigma "
                + covariance.shape()
                + ", expected [d], [d, d]");
      }
      finite(mean, MEAN, file);
      finite(covariance, COVARIANCE, file);
      return new FeatureStatistics(mean.values(), covariance.values(), resizing(zip, file));
    } catch (ZipException e) {
      throw damaged(file, "it is no npz archive, or is cut short");
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private static @Nullable Resizing resizing(ZipFile zip, Path file) throws IOException {
    ZipEntry entry = zip.getEntry(RESIZE + ".npy");
    if (entry == null) {
      return null;
    }
    String word = NpyText.parse(content(zip, entry, file), file + ", " + RESIZE).orElse("no text");
    for (Resizing one : Resizing.values()) {
      if (one.id().equals(word)) {
        return one;
      }
    }
    String shown = word.replaceAll("\\p{Cntrl}", "?");
    throw damaged(
        file,
        RESIZE
            + " is '"
            + shown.substring(0, Math.min(20, shown.length()))
            + "', expected clean or inside");
  }

  private static Npy array(ZipFile zip, String name, Path file) throws IOException {
    ZipEntry entry = zip.getEntry(name + ".npy");
    if (entry == null) {
      String found = String.join(", ", zip.stream().map(ZipEntry::getName).limit(10).toList());
      throw damaged(file, "it has no array '" + name + "' (found: " + found + ")");
    }
    return Npy.parse(content(zip, entry, file), file + ", " + name);
  }

  private static byte[] content(ZipFile zip, ZipEntry entry, Path file) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      // A few kilobytes can unpack to gigabytes.
      byte[] bytes = in.readNBytes(MOST + 1);
      if (bytes.length > MOST) {
        String name = entry.getName().replaceFirst("\\.npy$", "");
        throw damaged(file, "the array '" + name + "' takes more than " + MOST + " bytes");
      }
      return bytes;
    }
  }

  private static void finite(Npy array, String name, Path file) {
    for (double value : array.values()) {
      if (!Double.isFinite(value)) {
        throw damaged(file, name + " holds " + value);
      }
    }
  }

  private static RealeraException damaged(Path file, String what) {
    return RealeraException.damaged(file + " holds no feature statistics: " + what, REMEDY);
  }

  /** Writes the statistics as numpy reads them; the same numbers give the same bytes. */
  public void write(Path file) {
    AtomicFile.writeWithFolders(file, bytes());
  }

  private byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      put(zip, MEAN, new Npy(List.of(size()), mean).bytes());
      put(zip, COVARIANCE, new Npy(List.of(size(), size()), covariance).bytes());
      if (resizing != null) {
        put(zip, RESIZE, NpyText.bytes(resizing.id()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(content);
    ZipEntry entry = new ZipEntry(name + ".npy");
    entry.setTime(0);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}

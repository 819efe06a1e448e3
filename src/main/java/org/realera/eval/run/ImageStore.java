package org.realera.eval.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.diffusion.images.ImageDecoder;
import org.realera.diffusion.images.PngReader;
import org.realera.diffusion.images.UnreadableImageException;
import org.realera.files.AtomicFile;
import org.realera.files.Digests;
import org.realera.files.IoErrors;

/** The images of a run folder. An image is there when its PNG is whole and of the right size. */
public final class ImageStore {
  private final Path root;
  private final int width;
  private final int height;

  /**
   * The store of one run folder.
   *
   * @param root the run folder
   * @param width pixels that every image must have
   * @param height the same
   */
  public ImageStore(Path root, int width, int height) {
    this.root = root;
    this.width = width;
    this.height = height;
  }

  /** Where the image is, or will be. */
  public Path path(PlannedImage image) {
    return root.resolve(image.file());
  }

  /** Whether the image is there and whole. A file cut short by a full disk is not. */
  public boolean has(PlannedImage image) {
    try {
      return PngReader.isWhole(Files.readAllBytes(path(image)), width, height);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw IoErrors.reading(path(image), e);
    }
  }

  /** Whether every image of the batch is there and whole. */
  public boolean hasAll(List<PlannedImage> batch) {
    return batch.stream().allMatch(this::has);
  }

  /**
   * Writes an image, whole or not at all, replacing what is there.
   *
   * @param texts what the PNG says of itself, keyword to text
   * @throws RealeraException (resources, failed) if it can't be written
   */
  public void write(PlannedImage image, Image picture, Map<String, String> texts) {
    AtomicFile.writeWithFolders(path(image), PngWriter.encode(picture, texts));
  }

  /**
   * Reads an image.
   *
   * @throws RealeraException (damaged) if it is missing or cut short
   */
  public Stored read(PlannedImage image) {
    Path path = path(image);
    try {
      byte[] bytes = Files.readAllBytes(path);
      if (!PngReader.isWhole(bytes, width, height)) {
        throw damaged(path);
      }
      return new Stored(ImageDecoder.decode(bytes), Digests.sha256(bytes));
    } catch (UnreadableImageException e) {
      throw damaged(path);
    } catch (IOException e) {
      throw IoErrors.reading(path, e);
    }
  }

  /**
   * Reads an image of an earlier run, whatever its size.
   *
   * @throws RealeraException (damaged, not found) if it is missing or cut short
   */
  public static Image anySize(Path file) {
    try {
      return ImageDecoder.decode(Files.readAllBytes(file));
    } catch (UnreadableImageException e) {
      throw RealeraException.damaged(
          file + " " + e.getMessage(), "Run the same command again: it draws what is damaged.");
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private RealeraException damaged(Path path) {
    return RealeraException.damaged(
        path + " is no whole PNG of " + width + " x " + height,
        "Run the same command again: it draws what is missing or damaged.");
  }

  /** An image from disk with the digest of its file. */
  public record Stored(Image picture, String sha256) {}
}

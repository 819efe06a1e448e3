package org.realera.erase;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.images.ImageDecoder;
import org.realera.diffusion.images.PngReader;
import org.realera.diffusion.images.UnreadableImageException;
import org.realera.files.Digests;
import org.realera.files.FileNames;
import org.realera.files.IoErrors;
import org.realera.files.TextFile;
import org.realera.method.Run;

/**
 * Masks that the user gives: {@code CONCEPT-N.png} for image N of a concept from 1, of the image's
 * size, white where the concept is. What is brighter than half is white, of 16 bits as of 8;
 * transparency is refused, for a cut-out has no black.
 */
public final class MaskFolder {
  private static final String SAVE = "Save it as PNG.";

  /** A mask has the size of its image. */
  private static final long MOST_BYTES = 256L << 20;

  private final Path folder;

  /**
   * A folder.
   *
   * @throws RealeraException (not found) if it is none
   */
  public MaskFolder(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw RealeraException.notFound(
          Files.exists(folder)
              ? folder + " is no folder of masks"
              : "there is no folder of masks " + folder,
          "Give a folder that holds CONCEPT-1.png and so on.");
    }
    this.folder = folder;
  }

  /**
   * Reads a mask for every image.
   *
   * @param concepts in words
   * @param requests what will be drawn of each
   * @param scope owns the masks; a manager of the CPU
   * @throws RealeraException (usage) if one is missing, has another size than the image, may be
   *     transparent or marks nothing, or two concepts would share theirs; (damaged) if one is no
   *     image
   */
  public Run.Masks read(List<String> concepts, List<List<ImageRequest>> requests, NDManager scope) {
    List<NDArray> masks = new ArrayList<>();
    StringBuilder digests = new StringBuilder();
    Set<String> names = new HashSet<>();
    for (int c = 0; c < concepts.size(); c++) {
      String name = FileNames.slug(concepts.get(c));
      if (!names.add(name)) {
        throw RealeraException.usage(
            "two concepts would have the masks " + name + "-1.png", "Erase them one by one.");
      }
      List<ImageRequest> own = requests.get(c);
      int height = own.get(0).height();
      int width = own.get(0).width();
      float[] all = new float[own.size() * height * width];
      for (int i = 0; i < own.size(); i++) {
        Path file = file(concepts.get(c), i);
        byte[] bytes = bytes(file, own.get(i));
        digests.append(Digests.sha256(bytes));
        fill(all, i * height * width, image(file, bytes, own.get(i)), file);
      }
      masks.add(scope.create(all, new Shape(own.size(), 1, height, width)));
    }
    return new Run.Masks(masks, Digests.sha256(digests.toString()));
  }

  /**
   * SHA-256 of all masks' bytes, as {@link #read} has it if all are there.
   *
   * @param concepts in words
   * @param images of each
   */
  public String sha256(List<String> concepts, int images) {
    StringBuilder digests = new StringBuilder();
    for (String concept : concepts) {
      for (int i = 0; i < images; i++) {
        Path file = file(concept, i);
        if (Files.isRegularFile(file)) {
          digests.append(Digests.sha256(List.of(file)));
        }
      }
    }
    return Digests.sha256(digests.toString());
  }

  private Path file(String concept, int image) {
    return folder.resolve(FileNames.slug(concept) + "-" + (image + 1) + ".png");
  }

  private static byte[] bytes(Path file, ImageRequest drawn) {
    try {
      TextFile.requireRegular(file, SAVE);
      long size = Files.size(file);
      if (size > MOST_BYTES) {
        throw RealeraException.damaged(
            "the mask %s is too large: %s bytes, expected at most %s"
                .formatted(file, size, MOST_BYTES),
            SAVE);
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new RealeraException(
          RealeraException.Kind.USAGE,
          "there is no mask " + file,
          "It belongs to the picture of \"%s\" with --seed %s --steps %s --guidance %s."
              .formatted(drawn.prompt(), drawn.seed(), drawn.steps(), drawn.guidance()),
          e);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private static Image image(Path file, byte[] bytes, ImageRequest drawn) {
    try {
      if (PngReader.mayBeTransparent(bytes)) {
        throw RealeraException.usage(
            "the mask " + file + " has transparency, which tells no black from white",
            "Paint the concept white on opaque black, and save it without an alpha channel.");
      }
      Image image = ImageDecoder.decodeBrightness(bytes);
      if (image.width() != drawn.width() || image.height() != drawn.height()) {
        throw RealeraException.usage(
            "the mask %s is %s x %s, but its picture %s x %s"
                .formatted(file, image.width(), image.height(), drawn.width(), drawn.height()),
            "Paint it in the picture's size.");
      }
      return image;
    } catch (UnreadableImageException e) {
      throw new RealeraException(
          RealeraException.Kind.DAMAGED, "the mask " + file + " " + e.getMessage(), SAVE, e);
    }
  }

  private static void fill(float[] all, int from, Image image, Path file) {
    byte[] rgb = image.rgb();
    boolean any = false;
    for (int i = 0; i < rgb.length / 3; i++) {
      int sum = (rgb[3 * i] & 0xff) + (rgb[3 * i + 1] & 0xff) + (rgb[3 * i + 2] & 0xff);
      boolean white = 2 * sum > 3 * 255;
      all[from + i] = white ? 1 : 0;
      any |= white;
    }
    if (!any) {
      throw RealeraException.usage(
          "the mask " + file + " marks nothing", "Paint the concept white on black.");
    }
  }
}

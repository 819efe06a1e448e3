package org.realera.scorer;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngReader;
import org.realera.files.IoErrors;

/** PNG and JPEG files, whoever drew them. */
public final class ImageFiles {
  private ImageFiles() {}

  /**
   * The pictures of some folders and all below them, each folder's in the order of their paths.
   *
   * @throws RealeraException (not found) if there is none, or no such folder
   */
  public static List<Path> below(List<Path> folders) {
    List<Path> files = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw RealeraException.notFound(
            "there is no folder " + folder, "give folders of PNG or JPEG pictures");
      }
      try (Stream<Path> all = Files.walk(folder)) {
        all.filter(ImageFiles::isPicture).sorted().forEach(files::add);
      } catch (IOException e) {
        throw IoErrors.reading(folder, e);
      } catch (UncheckedIOException e) {
        throw IoErrors.reading(folder, e);
      }
    }
    if (files.isEmpty()) {
      throw RealeraException.notFound(
          "there is no picture in " + folders, "give folders of PNG or JPEG pictures");
    }
    return List.copyOf(files);
  }

  private static boolean isPicture(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.matches("[^.].*\\.(png|jpe?g)") && Files.isRegularFile(file);
  }

  /**
   * Reads a picture; a PNG must be whole to its last byte.
   *
   * @throws RealeraException (damaged) if it is cut short or no picture
   */
  public static Image read(Path file) {
    @Nullable BufferedImage image;
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
    try {
      image = ImageIO.read(new ByteArrayInputStream(bytes));
    } catch (IOException | RuntimeException e) {
      image = null;
    }
    boolean png = bytes.length > 0 && bytes[0] == (byte) 0x89;
    if (image == null || (png && !PngReader.isWhole(bytes, image.getWidth(), image.getHeight()))) {
      throw RealeraException.damaged(
          file + " is no whole picture", "draw it again, or remove it from the folder");
    }
    return Image.of(image);
  }
}

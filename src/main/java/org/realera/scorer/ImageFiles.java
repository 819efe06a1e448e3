package org.realera.scorer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageTexts;
import org.realera.diffusion.images.ImageDecoder;
import org.realera.diffusion.images.PngReader;
import org.realera.diffusion.images.UnreadableImageException;
import org.realera.files.IoErrors;

/** PNG and JPEG files, whoever drew them. */
public final class ImageFiles {
  private static final long LARGEST_FILE = 1L << 30;

  private ImageFiles() {}

  /**
   * The images of some folders and all below them, each folder's in the order of their paths. Links
   * are followed; one that leads back to a folder on its way is passed over. An image that several
   * paths lead to counts once, by the first.
   *
   * @throws RealeraException (not found) if there is none, or no such folder, or a link leads
   *     nowhere; (usage) for a run of realera, there or below; (damaged) for an image of a kind
   *     that is not read, by its name or its first bytes, and for a PNG or JPEG whose name does not
   *     end as one
   */
  public static List<Path> below(List<Path> folders) {
    return below(folders, line -> {});
  }

  /**
   * The same, and tells whether some of the paths lead to the same images.
   *
   * @param notes hears it
   */
  public static List<Path> below(List<Path> folders, Consumer<String> notes) {
    List<Path> files = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw RealeraException.notFound(
            "there is no folder " + folder, "Give folders of PNG or JPEG pictures.");
      }
      files.addAll(ImageFolder.list(folder));
    }
    if (files.isEmpty()) {
      throw RealeraException.notFound(
          "there is no picture in " + folders, "Give folders of PNG or JPEG pictures.");
    }
    List<Path> once = once(files);
    int repeats = files.size() - once.size();
    if (repeats > 0) {
      notes.accept(
          repeats
              + (repeats == 1 ? " path leads" : " paths lead")
              + " to pictures that are there by another path, which count once");
    }
    return once;
  }

  private static List<Path> once(List<Path> files) {
    Set<Path> seen = new HashSet<>();
    List<Path> once = new ArrayList<>();
    for (Path file : files) {
      try {
        if (seen.add(file.toRealPath())) {
          once.add(file);
        }
      } catch (IOException e) {
        throw IoErrors.reading(file, e);
      }
    }
    return List.copyOf(once);
  }

  /**
   * Reads an image as Pillow's {@code convert("RGB")} does; it must be whole.
   *
   * @throws RealeraException (damaged) if it is cut short, no image, a sheet of several, or of a
   *     kind or size that is not read
   */
  public static Image read(Path file) {
    return read(file, ImageDecoder::decode);
  }

  /** The same as OpenCV's {@code imread} reads it, by which the Python package nudenet does. */
  public static Image readAsOpenCv(Path file) {
    return read(file, ImageDecoder::decodeAsOpenCv);
  }

  private static Image read(Path file, Decoding decoding) {
    try {
      if (Files.size(file) > LARGEST_FILE) {
        throw damaged(file, "is larger than 1 GiB; such pictures are not read");
      }
      byte[] bytes = Files.readAllBytes(file);
      requireNoSheet(file, PngReader.texts(bytes));
      return decoding.of(bytes);
    } catch (UnreadableImageException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private interface Decoding {
    Image of(byte[] bytes) throws UnreadableImageException;
  }

  private static void requireNoSheet(Path file, Map<String, String> texts) {
    if (ImageTexts.ownOf(texts).filter(ImageTexts::isSheet).isPresent()) {
      throw RealeraException.damaged(
          file + " is a sheet of several pictures, which can't be read as one",
          "Draw them into a folder, one file each, or take the sheet out of this one.");
    }
  }

  private static RealeraException damaged(Path file, String reason) {
    return RealeraException.damaged(
        file + " " + reason, "Draw it again as PNG, or remove it from the folder.");
  }
}

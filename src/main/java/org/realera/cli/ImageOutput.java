package org.realera.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.ImageTexts;
import org.realera.diffusion.PngWriter;
import org.realera.diffusion.SheetSize;
import org.realera.diffusion.images.ImageDecoder;
import org.realera.files.FileNames;
import org.realera.files.IoErrors;

/**
 * Where images go: one sheet for all, or a file for each. Decided, and checked against what exists,
 * before anything is drawn; every file is written whole or not at all.
 */
final class ImageOutput {
  private static final int GAP = 2;

  private final String model;
  private final @Nullable Path spm;
  private final List<ImageRequest> requests;
  private final List<Path> files;
  private final int columns;
  private final List<Image> drawn = new ArrayList<>();

  private ImageOutput(
      String model,
      @Nullable Path spm,
      List<ImageRequest> requests,
      List<Path> files,
      int columns) {
    this.model = model;
    this.spm = spm;
    this.requests = requests;
    this.files = files;
    this.columns = columns;
  }

  /**
   * Decides on the files.
   *
   * @param out {@code x.png} for one file, anything else is a folder
   * @param model as the user named it; stands in the files
   * @param spm adapters that they are drawn with, as the user named them; null for none
   * @param requests the images, all of one prompt in a row
   * @param perPrompt how many there are of each prompt
   * @param force whether files may be replaced
   * @throws RealeraException (usage) if a file exists, or is not to be a PNG, or if the sheet would
   *     have more pixels than an image that is read
   */
  static ImageOutput plan(
      Path out,
      String model,
      @Nullable Path spm,
      List<ImageRequest> requests,
      int perPrompt,
      boolean force) {
    boolean sheet = isFile(out);
    int prompts = requests.size() / perPrompt;
    // One prompt: as square as can be. Several: a row for each.
    int columns =
        prompts == 1 || perPrompt == 1 ? (int) Math.ceil(Math.sqrt(requests.size())) : perPrompt;
    if (sheet) {
      requireSheet(out, requests, columns);
    }
    List<Path> files = sheet ? List.of(out) : separate(out, requests);
    if (!force) {
      requireNew(files);
    }
    prepareFolder(sheet ? out.toAbsolutePath().resolveSibling("") : out);
    return new ImageOutput(model, spm, requests, files, columns);
  }

  private static boolean isFile(Path out) {
    String name = String.valueOf(out.getFileName()).toLowerCase(Locale.ROOT);
    if (Files.isDirectory(out)) {
      return false;
    }
    if (name.matches(".*\\.(jpe?g|webp|gif|bmp|tiff?)")) {
      throw RealeraException.usage(
          "--out " + out + ": pictures are written as PNG only",
          "Name it .png, or give a folder for one PNG each.");
    }
    if (!name.endsWith(".png") && Files.exists(out)) {
      throw RealeraException.usage(
          "--out " + out + " is a file that exists, and not a PNG",
          "Name a .png file or a folder.");
    }
    return name.endsWith(".png");
  }

  /** The sheet is laid out when all is drawn, hours too late to find out that it can't be. */
  private static void requireSheet(Path out, List<ImageRequest> requests, int columns) {
    ImageRequest first = requests.get(0);
    SheetSize sheet = SheetSize.of(requests.size(), columns, first.width(), first.height(), GAP);
    if (sheet.pixels() > ImageDecoder.MOST_PIXELS) {
      throw RealeraException.usage(
          String.format(
              Locale.ROOT,
              "--out %s: a sheet of %d pictures of %d x %d would be %d x %d pixels, expected at"
                  + " most %d in all",
              out,
              requests.size(),
              first.width(),
              first.height(),
              sheet.width(),
              sheet.height(),
              ImageDecoder.MOST_PIXELS),
          "Give a folder with --out, for one PNG each.");
    }
  }

  private static List<Path> separate(Path folder, List<ImageRequest> requests) {
    int digits = Math.max(3, String.valueOf(requests.size() - 1).length());
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < requests.size(); i++) {
      ImageRequest request = requests.get(i);
      String number = String.format(Locale.ROOT, "%0" + digits + "d", i);
      files.add(
          folder.resolve(
              number + "-" + FileNames.slug(request.prompt()) + "-" + request.seed() + ".png"));
    }
    return files;
  }

  private static void requireNew(List<Path> files) {
    List<Path> existing = files.stream().filter(Files::exists).toList();
    if (!existing.isEmpty()) {
      int more = existing.size() - 1;
      throw RealeraException.usage(
          existing.get(0) + " exists" + (more > 0 ? ", and " + more + " more of the files" : ""),
          "Name another --out, or replace with --force.");
    }
  }

  private static void prepareFolder(Path folder) {
    try {
      Files.createDirectories(folder);
      // Whether a file can be made there, only making one will tell; better now than after hours.
      Files.delete(Files.createTempFile(folder, ".realera-", ".tmp"));
    } catch (IOException e) {
      throw IoErrors.writing(folder, e);
    }
  }

  @Nullable Path spm() {
    return spm;
  }

  List<ImageRequest> requests() {
    return requests;
  }

  /** The files, in the order of the images. */
  List<Path> files() {
    return files;
  }

  /** Takes the next images, and writes what is complete. */
  void add(List<Image> images) {
    for (Image image : images) {
      int index = drawn.size();
      drawn.add(image);
      if (files.size() == requests.size()) {
        PngWriter.write(files.get(index), image, texts(requests.subList(index, index + 1)));
      }
    }
    if (files.size() == 1 && requests.size() > 1 && drawn.size() == requests.size()) {
      Image sheet = Image.grid(drawn, columns, GAP);
      PngWriter.write(files.get(0), sheet, texts(requests));
    }
  }

  /** What a run that stops now leaves. */
  String left() {
    boolean sheet = files.size() < requests.size();
    return sheet || drawn.isEmpty()
        ? "nothing was written" + (sheet ? ", for the sheet is not full" : "")
        : drawn.size() + " of " + files.size() + " pictures are written";
  }

  /** What stands in the PNG: enough to draw it again. */
  private Map<String, String> texts(List<ImageRequest> shown) {
    ImageRequest first = shown.get(0);
    return ImageTexts.NONE
        .prompts(shown.stream().map(ImageRequest::prompt).toList())
        .negativePrompt(
            shown.stream().anyMatch(ImageRequest::steersAway) ? first.negativePrompt() : "")
        .seeds(shown.stream().map(ImageRequest::seed).toList())
        .model(model)
        .steps(first.steps())
        .guidance(shown.stream().map(ImageRequest::guidance).toList())
        .safe(first.safe())
        .spm(spm == null ? null : spm.toString())
        .scheduler("DDIM")
        .images(shown.size())
        .signed();
  }
}

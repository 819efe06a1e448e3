package org.realera.scorer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.realera.RealeraException;
import org.realera.diffusion.images.ImageKind;
import org.realera.files.IoErrors;

/**
 * Finds the images below a folder. No image is left out without a word, since the figures of the
 * rest would be those of another set: what has no image's name is looked into. Hidden files are no
 * images.
 */
final class ImageFolder extends SimpleFileVisitor<Path> {
  private static final Pattern READ = Pattern.compile("[^.].*\\.(a?png|jpe?g|jpe|jfif)");

  private static final Pattern UNREAD =
      Pattern.compile(
          "[^.].*\\.(webp|gif|bmp|dib|tiff?|avifs?|hei[cf]|jxl|jp2|j2k|psd|tga|ico|jpf|jpx|p[bgnp]m)");

  private static final Pattern NO_ENDING = Pattern.compile("[^.]+");

  /** Links can make a small folder endless. */
  private static final int MOST_ENTRIES = 10_000_000;

  private final Path folder;
  private final List<Path> images = new ArrayList<>();
  private final List<Path> unread = new ArrayList<>();
  private final List<Misnamed> misnamed = new ArrayList<>();
  private int entries;

  /** An image that would be read under another name. */
  private record Misnamed(Path file, ImageKind kind) {}

  private ImageFolder(Path folder) {
    this.folder = folder;
  }

  /** The images, in the order of their paths. */
  static List<Path> list(Path folder) {
    ImageFolder found = new ImageFolder(folder);
    try {
      Files.walkFileTree(
          folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, found);
    } catch (IOException e) {
      throw IoErrors.reading(folder, e);
    }
    found.requireAllRead();
    found.images.sort(null);
    return found.images;
  }

  private void requireAllRead() {
    if (!unread.isEmpty()) {
      unread.sort(null);
      throw RealeraException.damaged(
          firstOf(unread.get(0), unread.size()) + " is of a kind that is not read",
          "Convert it to PNG, or take it out of the folder.");
    }
    if (!misnamed.isEmpty()) {
      misnamed.sort(Comparator.comparing(Misnamed::file));
      Path first = misnamed.get(0).file();
      ImageKind kind = misnamed.get(0).kind();
      String ending = kind == ImageKind.PNG ? ".png" : ".jpg";
      throw RealeraException.damaged(
          firstOf(first, misnamed.size())
              + " is "
              + kind.words()
              + ", and its name does not end in "
              + ending,
          "Rename it to " + first.getFileName() + ending + ", or take it out of the folder.");
    }
  }

  private static String firstOf(Path first, int count) {
    return first + (count == 1 ? "" : " (and " + (count - 1) + " more)");
  }

  @Override
  public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
    count();
    RunOfRealera.refuse(path);
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
    count();
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    boolean read = READ.matcher(name).matches();
    boolean other = UNREAD.matcher(name).matches();
    // Links are followed, so this one leads nowhere.
    if (attributes.isSymbolicLink() && (read || other || NO_ENDING.matcher(name).matches())) {
      throw RealeraException.notFound(
          file + " is a link to something that is not there", "Mend the link, or remove it.");
    }
    if (read && !attributes.isRegularFile()) {
      throw RealeraException.damaged(
          file + " has a picture's name and is no file", "Remove it from the folder.");
    }
    if (read) {
      images.add(file);
    } else if (other) {
      unread.add(file);
    } else if (attributes.isRegularFile() && !name.startsWith(".")) {
      lookInto(file);
    }
    return FileVisitResult.CONTINUE;
  }

  /** Data sets name images by a number alone, browsers {@code x.jpg_large}. */
  private void lookInto(Path file) {
    ImageKind kind = ImageKind.of(start(file)).orElse(null);
    if (kind == ImageKind.PNG || kind == ImageKind.JPEG) {
      misnamed.add(new Misnamed(file, kind));
    } else if (kind != null) {
      unread.add(file);
    }
  }

  private static byte[] start(Path file) {
    try (InputStream bytes = Files.newInputStream(file)) {
      return bytes.readNBytes(ImageKind.START);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException e) {
    if (e instanceof FileSystemLoopException) {
      return FileVisitResult.CONTINUE; // what it leads to is being read
    }
    throw IoErrors.reading(file, e);
  }

  private void count() {
    entries++;
    if (entries > MOST_ENTRIES) {
      throw RealeraException.damaged(
          folder + " holds more than " + MOST_ENTRIES + " files and folders",
          "Give a smaller folder, and look for links in it.");
    }
  }
}

package org.realera.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;

class ImageFilesTest {
  private static final Path CORPUS = Path.of("src/test/resources/corpus/pictures");

  @TempDir private Path folder;

  @Test
  void anImageCutShortIsNamed() throws Exception {
    Path file = folder.resolve("a.png");
    byte[] whole = PngWriter.encode(new Image(64, 64, new byte[3 * 64 * 64]), Map.of("seed", "1"));
    Files.write(file, Arrays.copyOf(whole, whole.length - 20));
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("a.png is no whole picture");
  }

  @ParameterizedTest
  @CsvSource({
    "cut.jpg, is no whole picture",
    "cut-with-an-end-marker.jpg, is no whole picture",
    "huge.png, claims 60000 x 60000 pixels; at most 178956970 are read",
    "'webp-inside.png', 'is a WebP picture, which is not read'"
  })
  void whatIsNoImageToReadIsNamed(String name, String words) {
    Path file = CORPUS.resolve(name);
    assertThatThrownBy(() -> ImageFiles.read(file))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind().exitCode()).isEqualTo(4))
        .hasMessage(file + " " + words);
  }

  @Test
  void aFolderWithoutImagesIsNotFound() throws Exception {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    assertThatThrownBy(() -> ImageFiles.below(List.of(empty)))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND));
    assertThatThrownBy(() -> ImageFiles.below(List.of(folder.resolve("none"))))
        .hasMessageContaining("there is no folder");
  }

  @Test
  void everyEndingOfAnImageThatIsReadCounts() throws Exception {
    byte[] png = PngWriter.encode(new Image(1, 1, new byte[3]), Map.of());
    for (String name : List.of("a.png", "b.PNG", "c.jpg", "d.JPEG", "e.jfif", "f.jpe", "g.apng")) {
      Files.write(folder.resolve(name), png);
    }
    Files.write(folder.resolve("._h.png"), png);
    Files.writeString(folder.resolve("notes.txt"), "no picture");
    Files.writeString(folder.resolve("scores"), "no picture");
    assertThat(ImageFiles.below(List.of(folder)))
        .extracting(file -> file.getFileName().toString())
        .containsExactly("a.png", "b.PNG", "c.jpg", "d.JPEG", "e.jfif", "f.jpe", "g.apng");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webp", "WEBP", "gif", "bmp", "tif", "tiff", "avif", "heic", "heif", "jxl", "jp2", "jpf",
        "ico", "ppm"
      })
  void anImageOfAKindThatIsNotReadIsNamed(String ending) throws Exception {
    Files.write(folder.resolve("a.png"), PngWriter.encode(new Image(1, 1, new byte[3]), Map.of()));
    Path first =
        Files.write(Files.createDirectory(folder.resolve("b")).resolve("x." + ending), new byte[9]);
    Files.write(folder.resolve("b/y." + ending), new byte[9]);
    assertThatThrownBy(() -> ImageFiles.below(List.of(folder)))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessage(first + " (and 1 more) is of a kind that is not read");
  }

  /** As data sets and browsers name them; the first 18 bytes tell. */
  @ParameterizedTest
  @CsvSource({
    "000001, rgb-8.png, PNG, .png",
    "cat.png~, rgb-8.png, PNG, .png",
    "000001, ycc-420.jpg, JPEG, .jpg",
    "x.jpg_large, ycc-420.jpg, JPEG, .jpg",
    "x.pjpeg, progressive.jpg, JPEG, .jpg"
  })
  void anImageWithoutAnImagesNameIsNamed(String name, String image, String kind, String ending)
      throws Exception {
    Files.copy(CORPUS.resolve("rgb-8.png"), folder.resolve("a.png"));
    Path first = Files.copy(CORPUS.resolve(image), folder.resolve(name));
    Files.copy(first, folder.resolve("y"));
    assertThatThrownBy(() -> ImageFiles.below(List.of(folder)))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
              assertThat(e.remedy())
                  .isEqualTo("Rename it to " + name + ending + ", or take it out of the folder.");
            })
        .hasMessage(
            first
                + " (and 1 more) is a "
                + kind
                + " picture, and its name does not end in "
                + ending);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webp-inside.png",
        "gif-inside.png",
        "bmp-inside.jpg",
        "tiff-inside.jpg",
        "avif-inside.png"
      })
  void anImageOfAKindThatIsNotReadIsNamedWhateverItsName(String image) throws Exception {
    Path file = Files.copy(CORPUS.resolve(image), folder.resolve("000001"));
    assertThatThrownBy(() -> ImageFiles.below(List.of(folder)))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessage(file + " is of a kind that is not read");
  }

  /** Only what begins as an image is one, and hidden files are none whatever they hold. */
  @Test
  void whatBeginsAsNoImageIsPassedOver() throws Exception {
    Path image = Files.copy(CORPUS.resolve("rgb-8.png"), folder.resolve("a.png"));
    Files.copy(image, folder.resolve(".000001"));
    Files.createFile(folder.resolve("empty"));
    Files.writeString(folder.resolve("a.txt"), "BMW cars, and no header of a bitmap");
    Files.writeString(folder.resolve("b"), "BM");
    Files.createDirectory(folder.resolve("c"));
    Files.createSymbolicLink(folder.resolve("gone.txt"), folder.resolve("nothing"));
    assertThat(ImageFiles.below(List.of(folder))).containsExactly(image);
  }

  @Test
  void linkedImagesAndFoldersAreRead() throws Exception {
    byte[] png = PngWriter.encode(new Image(1, 1, new byte[3]), Map.of());
    Path real = Files.createDirectories(folder.resolve("real"));
    Files.write(real.resolve("a.png"), png);
    Path images = Files.createDirectories(folder.resolve("images"));
    Files.createSymbolicLink(images.resolve("b.png"), real.resolve("a.png"));
    Files.createSymbolicLink(images.resolve("c"), real);
    Files.createSymbolicLink(images.resolve("self"), images);
    Path linked = Files.createSymbolicLink(folder.resolve("linked"), images);
    assertThat(ImageFiles.below(List.of(linked))).containsExactly(linked.resolve("b.png"));
    Files.write(real.resolve("d.png"), png);
    assertThat(ImageFiles.below(List.of(linked)))
        .containsExactly(linked.resolve("b.png"), linked.resolve("c/d.png"));
    assertThat(ImageFiles.read(linked.resolve("c/a.png")).rgb()).hasSize(3);
  }

  /** A link to the latest run, or a folder named beside the one that it is in. */
  @Test
  void anImageThatSeveralPathsLeadToCountsOnce() throws Exception {
    Path all = Files.createDirectory(folder.resolve("all"));
    Path run = Files.createDirectory(all.resolve("run"));
    for (String name : List.of("a.png", "b.png")) {
      Files.write(run.resolve(name), PngWriter.encode(new Image(1, 1, new byte[3]), Map.of()));
    }
    List<String> notes = new ArrayList<>();
    List<Path> pictures = List.of(run.resolve("a.png"), run.resolve("b.png"));
    assertThat(ImageFiles.below(List.of(all), notes::add)).isEqualTo(pictures);
    assertThat(notes).isEmpty();
    assertThat(ImageFiles.below(List.of(run, all), notes::add)).isEqualTo(pictures);
    assertThat(notes)
        .containsExactly(
            "2 paths lead to pictures that are there by another path, which count once");
    Files.createSymbolicLink(all.resolve("z.png"), run.resolve("a.png"));
    assertThat(ImageFiles.below(List.of(all), notes::add)).isEqualTo(pictures);
    assertThat(notes.get(1)).startsWith("1 path leads to pictures");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gone.png", "gone.webp", "gone"})
  void aLinkToNothingIsNamed(String name) throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve(name), folder.resolve("nothing"));
    assertThatThrownBy(() -> ImageFiles.below(List.of(folder)))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
        .hasMessage(link + " is a link to something that is not there");
  }

  @Test
  void aSheetOfSeveralImagesIsNoImage() throws Exception {
    Image image = new Image(1, 1, new byte[3]);
    Path file = folder.resolve("sheet.png");
    Map<String, String> one = Map.of("Software", "realera", "prompt", "a\nb", "seed", "7");
    Map<String, String> marked = Map.of("Software", "realera", "pictures", "2", "seed", "7");
    Map<String, String> earlier = Map.of("Software", "realera", "seed", "7\n8");
    Map<String, String> others = Map.of("Software", "x", "pictures", "2", "seed", "7\n8");
    for (Map<String, String> texts : List.of(marked, earlier)) {
      PngWriter.write(file, image, texts);
      assertThatThrownBy(() -> ImageFiles.read(file))
          .isInstanceOfSatisfying(
              RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
          .hasMessage(file + " is a sheet of several pictures, which can't be read as one");
    }
    for (Map<String, String> texts : List.of(one, others)) {
      PngWriter.write(file, image, texts);
      assertThat(ImageFiles.read(file).rgb()).hasSize(3);
    }
  }

  @Test
  void aFileThatIsTooLargeIsNotRead() throws Exception {
    Path file = folder.resolve("a.png");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength((1L << 30) + 1);
    }
    assertThatThrownBy(() -> ImageFiles.read(file)).hasMessageContaining("is larger than 1 GiB");
  }
}

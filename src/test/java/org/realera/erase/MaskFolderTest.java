package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.PngWriter;
import org.realera.files.Digests;
import org.realera.method.Run;
import org.realera.text.Captions;

/** Masks that the user paints, pixel by pixel. */
class MaskFolderTest {
  private static final int WIDTH = 3;
  private static final int HEIGHT = 2;

  @TempDir Path folder;
  private NDManager scope;

  @BeforeEach
  void open() {
    scope = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    scope.close();
  }

  private static List<ImageRequest> images(int count) {
    ImageRequest one = new ImageRequest("a photo of it", "", 7, 30, 2.5, WIDTH, HEIGHT, null, null);
    return Collections.nCopies(count, one);
  }

  /** A mask of grey values, row by row. */
  private byte[] mask(String name, int... grey) throws IOException {
    byte[] rgb = new byte[3 * grey.length];
    for (int i = 0; i < rgb.length; i++) {
      rgb[i] = (byte) grey[i / 3];
    }
    return save(name, new Image(WIDTH, HEIGHT, rgb));
  }

  private byte[] save(String name, Image image) throws IOException {
    byte[] png = PngWriter.encode(image, Map.of());
    Files.write(folder.resolve(name), png);
    return png;
  }

  private Run.Masks read(List<String> concepts, int... counts) {
    List<List<ImageRequest>> images = new java.util.ArrayList<>();
    for (int count : counts) {
      images.add(images(count));
    }
    return new MaskFolder(folder).read(concepts, images, scope);
  }

  @Test
  void whatIsBrighterThanHalfBelongsToTheConcept() throws IOException {
    byte[] first = mask("cat-1.png", 255, 0, 128, 127, 0, 0);
    byte[] second = mask("cat-2.png", 0, 0, 0, 0, 0, 255);
    byte[] other = mask("an-old-ship-1.png", 0, 255, 255, 0, 0, 0);
    Run.Masks read = read(List.of("cat", "an old ship"), 2, 1);
    assertThat(read.masks()).hasSize(2);
    NDArray cat = read.masks().get(0);
    assertThat(cat.getShape().getShape()).containsExactly(2, 1, HEIGHT, WIDTH);
    assertThat(cat.toFloatArray()).containsExactly(1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1);
    NDArray ship = read.masks().get(1);
    assertThat(ship.getShape().getShape()).containsExactly(1, 1, HEIGHT, WIDTH);
    assertThat(ship.toFloatArray()).containsExactly(0, 1, 1, 0, 0, 0);
    String all =
        Digests.sha256(Digests.sha256(first) + Digests.sha256(second) + Digests.sha256(other));
    assertThat(read.sha256()).isEqualTo(all);
  }

  /** Of a coloured pixel, the mean of its channels counts. */
  @ParameterizedTest
  @CsvSource({"255, 128, 0, 1", "255, 127, 0, 0", "0, 255, 128, 1", "0, 127, 255, 0"})
  void aColouredPixelCountsByItsMean(int red, int green, int blue, float expected)
      throws IOException {
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    rgb[0] = (byte) red;
    rgb[1] = (byte) green;
    rgb[2] = (byte) blue;
    rgb[15] = rgb[16] = rgb[17] = (byte) 255;
    save("cat-1.png", new Image(WIDTH, HEIGHT, rgb));
    float[] mask = read(List.of("cat"), 1).masks().get(0).toFloatArray();
    assertThat(mask).containsExactly(expected, 0, 0, 0, 0, 1);
  }

  /** A run goes on only from one that had the same masks. */
  @Test
  void theDigestFollowsTheFilesThatThereAre() throws IOException {
    mask("cat-1.png", 255, 0, 0, 0, 0, 0);
    MaskFolder masks = new MaskFolder(folder);
    String one = masks.sha256(List.of("cat"), 2);
    mask("cat-2.png", 255, 0, 0, 0, 0, 255);
    String two = masks.sha256(List.of("cat"), 2);
    assertThat(two).isNotEqualTo(one).isEqualTo(read(List.of("cat"), 2).sha256());
    assertThat(masks.sha256(List.of("cat"), 1)).isEqualTo(one);
    assertThat(masks.sha256(List.of("cat", "cat"), 1)).isNotEqualTo(one);
  }

  @Test
  void aMissingMaskSaysWhichImageItBelongsTo() throws IOException {
    mask("cat-1.png", 255, 0, 0, 0, 0, 0);
    assertThatThrownBy(() -> read(List.of("cat"), 2))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.USAGE);
              assertThat(e).hasMessage("there is no mask " + folder.resolve("cat-2.png"));
              assertThat(e.remedy())
                  .isEqualTo(
                      "It belongs to the picture of \"a photo of it\" with --seed 7 --steps 30"
                          + " --guidance 2.5.");
            });
  }

  @Test
  void aMaskOfAnotherSizeIsRefused() throws IOException {
    for (Image image :
        List.of(new Image(2, HEIGHT, new byte[12]), new Image(WIDTH, 1, new byte[9]))) {
      save("cat-1.png", image);
      assertThatThrownBy(() -> read(List.of("cat"), 1))
          .hasMessageEndingWith(
              "is %s x %s, but its picture 3 x 2".formatted(image.width(), image.height()));
    }
  }

  /** A cut-out of an editor: everywhere white, and transparent around the concept. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        BufferedImage.TYPE_INT_ARGB,
        BufferedImage.TYPE_4BYTE_ABGR,
        BufferedImage.TYPE_BYTE_INDEXED
      })
  void aMaskWithTransparencyIsRefused(int type) throws IOException {
    byte[] parts = {(byte) 255, (byte) 255};
    byte[] alpha = {0, (byte) 255};
    BufferedImage image =
        type == BufferedImage.TYPE_BYTE_INDEXED
            ? new BufferedImage(
                WIDTH, HEIGHT, type, new IndexColorModel(8, 2, parts, parts, parts, alpha))
            : new BufferedImage(WIDTH, HEIGHT, type);
    image.setRGB(1, 1, 0xffffffff);
    ImageIO.write(image, "png", folder.resolve("cat-1.png").toFile());
    assertThatThrownBy(() -> read(List.of("cat"), 1))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.USAGE);
              assertThat(e).hasMessageContaining("cat-1.png has transparency");
              assertThat(e.remedy()).startsWith("Paint the concept white on opaque black");
            });
  }

  /** Numbers of 16 bits are no numbers of 8 that are cut off at 255. */
  @Test
  void ofSixteenBitsTheUpperOnesCount() throws IOException {
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_USHORT_GRAY);
    int[] greys = {65535, 0, 0x8000, 0x7fff, 300, 255};
    image.getRaster().setPixels(0, 0, WIDTH, HEIGHT, greys);
    ImageIO.write(image, "png", folder.resolve("cat-1.png").toFile());
    float[] mask = read(List.of("cat"), 1).masks().get(0).toFloatArray();
    assertThat(mask).containsExactly(1, 0, 1, 0, 0, 0);
  }

  @Test
  void aMaskThatMarksNothingIsRefused() throws IOException {
    mask("cat-1.png", 127, 0, 0, 0, 0, 0);
    assertThatThrownBy(() -> read(List.of("cat"), 1)).hasMessageEndingWith("marks nothing");
  }

  @Test
  void conceptsThatWouldShareTheirMasksAreRefused() throws IOException {
    mask("a-cat-1.png", 255, 0, 0, 0, 0, 0);
    assertThatThrownBy(() -> read(List.of("a cat", "A-cat"), 1, 1))
        .hasMessage("two concepts would have the masks a-cat-1.png");
  }

  @Test
  void whatIsNoImageOrTooLargeForOneIsRefused() throws IOException {
    Path file = folder.resolve("cat-1.png");
    Files.writeString(file, "no picture");
    assertThatThrownBy(() -> read(List.of("cat"), 1))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
        .hasMessageContaining("cat-1.png");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength((256L << 20) + 1);
    }
    assertThatThrownBy(() -> read(List.of("cat"), 1))
        .hasMessageEndingWith("is too large: 268435457 bytes, expected at most 268435456");
    Files.delete(file);
    Files.createDirectory(file);
    assertThatThrownBy(() -> read(List.of("cat"), 1))
        .hasMessageContaining("cat-1.png is a folder, expected a file");
  }

  @Test
  void aFileIsNoFolderOfMasks() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertThatThrownBy(() -> new MaskFolder(file)).hasMessage(file + " is no folder of masks");
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> new MaskFolder(nowhere))
        .hasMessage("there is no folder of masks " + nowhere);
  }

  /** MACE's files are the masks, by what they hold. */
  @Test
  void theRecipesMasksAreAmongTheFilesOfTheRun() throws IOException {
    mask("cat-1.png", 255, 0, 0, 0, 0, 0);
    EraseRecipe recipe =
        RecipeReader.parse(
            "a test",
            "method: mace\nconcepts: [{concept: cat, anchor: dog}]\nlora: {images: 1}\n"
                + "masks: {source: \""
                + folder
                + "\"}\n");
    String expected = new MaskFolder(folder).sha256(List.of("cat"), 1);
    assertThat(InputFiles.of(recipe)).isEqualTo(Map.of("masks", expected));
    assertThat(InputFiles.of(recipe.with("lora.enabled", false))).isEqualTo(Map.of());
    assertThat(InputFiles.of(recipe.with("masks.source", "attention"))).isEqualTo(Map.of());
  }

  /** Masks and captions: a stopped run goes on only with the same of both. */
  @Test
  void captionsAreAmongTheFilesOfTheRunBesideTheMasks() throws IOException {
    mask("cat-1.png", 255, 0, 0, 0, 0, 0);
    Path captions = Files.writeString(folder.resolve("captions.txt"), "a house\nthe sea\n");
    EraseRecipe recipe =
        RecipeReader.parse(
                "a test",
                "method: mace\nconcepts: [{concept: cat, anchor: dog}]\nlora: {images: 1}\n"
                    + "hold: {weight: 0.5}\n")
            .with("prior.captions", captions.toString());
    String text = Captions.sha256(captions);
    assertThat(InputFiles.of(recipe)).isEqualTo(Map.of("captions", text));
    assertThat(InputFiles.of(recipe.with("masks.source", folder.toString())))
        .isEqualTo(
            Map.of("captions", text, "masks", new MaskFolder(folder).sha256(List.of("cat"), 1)));
    Files.writeString(captions, "a house\nthe lake\n");
    assertThat(InputFiles.of(recipe)).isNotEqualTo(Map.of("captions", text));
  }
}

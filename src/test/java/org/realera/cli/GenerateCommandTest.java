package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.images.PngReader;
import org.realera.golden.Golden;
import org.realera.golden.SilentFile;

/** The fake core draws images of 8 x 8, of one grey that is the seed. */
class GenerateCommandTest {
  @TempDir private Path folder;

  private CommandRun generate(String out, String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "-m", "pocket", "-p", "a cat"));
    args.addAll(List.of("-o", folder.resolve(out).toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  private List<String> written(Path where) throws IOException {
    try (Stream<Path> files = Files.list(where)) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private BufferedImage image(String name) throws IOException {
    return ImageIO.read(folder.resolve(name).toFile());
  }

  @Test
  void oneImageGoesIntoItsFileWhoseFoldersAreMade() throws IOException {
    CommandRun run = generate("new/folder/cat.png", "--seed", "9");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualTo(folder.resolve("new/folder/cat.png") + "\n");
    assertThat(run.err()).startsWith("realera: 1 picture in ");
    assertThat(image("new/folder/cat.png").getWidth()).isEqualTo(8);
    assertThat(image("new/folder/cat.png").getRGB(0, 0) & 255).isEqualTo(9);
  }

  @Test
  void anEmptyPromptIsDrawnAndSaid() {
    String note = "realera: --prompt is empty: its pictures are of no prompt\n";
    CommandRun run = generate("sheet.png", "-p", "");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).startsWith(note + "realera: 2 pictures in ");
    assertThat(generate("blank.png", "-p", "\u00a0\u200b").err()).startsWith(note);
    assertThat(generate("cat.png").err()).doesNotContain("empty");
  }

  @Test
  void severalImagesInOneFileMakeASquareSheet() throws IOException {
    assertThat(generate("sheet.png", "-n", "4", "--seed", "1").code()).isZero();
    BufferedImage sheet = image("sheet.png");
    assertThat(sheet.getWidth()).isEqualTo(2 * 8 + 2);
    assertThat(sheet.getHeight()).isEqualTo(2 * 8 + 2);
    assertThat(sheet.getRGB(0, 0) & 255).isEqualTo(1);
    assertThat(sheet.getRGB(17, 0) & 255).isEqualTo(2);
    assertThat(sheet.getRGB(0, 17) & 255).isEqualTo(3);
  }

  @Test
  void aSheetHasARowForEachPrompt() throws IOException {
    assertThat(generate("sheet.png", "-p", "a dog", "-n", "3").code()).isZero();
    assertThat(image("sheet.png").getWidth()).isEqualTo(3 * 8 + 2 * 2);
    assertThat(image("sheet.png").getHeight()).isEqualTo(2 * 8 + 2);
  }

  @Test
  void aFolderGetsAFileForEachImageNamedAfterPromptAndSeed() throws IOException {
    CommandRun run = generate("pictures", "-p", "Ein Käfer!", "-n", "2", "--seed", "7");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(written(folder.resolve("pictures")))
        .containsExactly(
            "000-a-cat-7.png", "001-a-cat-8.png", "002-ein-kafer-7.png", "003-ein-kafer-8.png");
    assertThat(run.out().lines()).hasSize(4);
  }

  @Test
  void thePngSaysHowItWasDrawn() throws IOException {
    generate(
        "cat.png", "--seed", "3", "--steps", "20", "--guidance", "3", "--negative-prompt", "x");
    String bytes = Files.readString(folder.resolve("cat.png"), StandardCharsets.ISO_8859_1);
    assertThat(bytes)
        .contains("prompt\0a cat", "negative_prompt\0x", "seed\0" + "3", "model\0pocket")
        .contains("steps\0" + "20", "guidance\0" + "3.0");
  }

  /** With a real network in miniature; a text that is not read need not be cut off either. */
  @Test
  void aNegativePromptWithoutGuidanceIsSaidToChangeNothing() {
    String model = Golden.path("tiny-sd").toString();
    String negative = "--negative-prompt=" + "a city ".repeat(60);
    CommandRun idle = live(model, "idle.png", "--guidance", "1", negative);
    assertThat(idle.code()).as(idle.err()).isZero();
    assertThat(idle.err())
        .containsOnlyOnce("guidance 1.0 is none: the negative prompt changes nothing")
        .doesNotContain("75 tokens");
    assertThat(PngReader.texts(folder.resolve("idle.png"))).doesNotContainKey("negative_prompt");
    assertThat(live(model, "read.png", negative).err())
        .contains("75 tokens")
        .doesNotContain("changes nothing");
    assertThat(PngReader.texts(folder.resolve("read.png"))).containsKey("negative_prompt");
    assertThat(live(model, "none.png", "--guidance", "1", "--negative-prompt=\u00a0").err())
        .doesNotContain("changes nothing");
  }

  @Test
  void thePngAndTheJsonSayWhatWasGuidedAwayFrom() throws IOException {
    CommandRun run = generate("cat.png", "--safe", "nudity", "--json");
    assertThat(run.code()).as(run.err()).isZero();
    String bytes = Files.readString(folder.resolve("cat.png"), StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("safe\0nudity", "sld\0medium");
    JsonNode picture = new ObjectMapper().readTree(run.out()).path("pictures").path(0);
    assertThat(picture.path("safe").asText()).isEqualTo("nudity");
    assertThat(picture.path("sld").asText()).isEqualTo("medium");
    generate("dog.png", "--sld", "max");
    bytes = Files.readString(folder.resolve("dog.png"), StandardCharsets.ISO_8859_1);
    assertThat(bytes)
        .contains("safe\0hate, harassment, violence,", "brutality, cruelty", "sld\0max");
    CommandRun without = generate("ship.png", "--json");
    bytes = Files.readString(folder.resolve("ship.png"), StandardCharsets.ISO_8859_1);
    assertThat(bytes + without.out()).doesNotContain("safe", "sld");
  }

  @Test
  void thePngAndTheJsonSayWhichAdaptersDrewThem() throws IOException {
    CommandRun run = generate("cat.png", "--spm", "out/no-cat", "--json");
    assertThat(run.code()).as(run.err()).isZero();
    String bytes = Files.readString(folder.resolve("cat.png"), StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("spm\0out/no-cat");
    JsonNode picture = new ObjectMapper().readTree(run.out()).path("pictures").path(0);
    assertThat(picture.path("spm").asText()).isEqualTo("out/no-cat");
    CommandRun without = generate("ship.png", "--json");
    bytes = Files.readString(folder.resolve("ship.png"), StandardCharsets.ISO_8859_1);
    assertThat(bytes + without.out()).doesNotContain("spm");
  }

  /** With a real network in miniature. */
  @Test
  void adaptersDrawEachPromptAsFarAsItIsNear() throws IOException {
    String model = Golden.path("tiny-sd").toString();
    String spm = Golden.path("spm-authors.safetensors").toString();
    CommandRun run = live(model, "with.png", "--spm", spm);
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("SPM: 1.00 of \"house, the city\" in \"a house\"");
    assertThat(live(model, "without.png").err()).doesNotContain("SPM");
    assertThat(Files.readAllBytes(folder.resolve("with.png")))
        .isNotEqualTo(Files.readAllBytes(folder.resolve("without.png")));
    CommandRun missing = live(model, "x.png", "--spm", folder.resolve("no").toString());
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("there is no file", "Give the spm.safetensors that");
    assertThat(folder.resolve("x.png")).doesNotExist();
    CommandRun other = live("pocket", "x.png", "--spm", spm);
    assertThat(other.code()).isEqualTo(2);
    assertThat(other.err()).contains("spm-authors.safetensors is of another model");
  }

  @Test
  void networksComputeInTheTypeThatIsAskedFor() throws IOException {
    String model = Golden.path("tiny-sd").toString();
    for (String type : List.of("fp32", "bf16")) {
      CommandRun run = live(model, type + ".png", "--dtype", type);
      assertThat(run.code()).as(run.err()).isZero();
    }
    live(model, "auto.png");
    byte[] exact = Files.readAllBytes(folder.resolve("fp32.png"));
    assertThat(Files.readAllBytes(folder.resolve("auto.png"))).isEqualTo(exact);
    assertThat(Files.readAllBytes(folder.resolve("bf16.png"))).isNotEqualTo(exact);
  }

  private CommandRun live(String model, String out, String... more) {
    List<String> args = new ArrayList<>(List.of("generate", "-m", model, "-p", "a house"));
    args.addAll(List.of("--steps", "2", "--device", "cpu", "-o", folder.resolve(out).toString()));
    args.addAll(List.of(more));
    return CommandRun.with(CommandRun.liveCore(), args.toArray(String[]::new));
  }

  @Test
  void filesAreReplacedOnlyWithForce() throws IOException {
    generate("cat.png", "--seed", "1");
    CommandRun again = generate("cat.png", "--seed", "2");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err()).contains("cat.png exists").contains("--force");
    assertThat(image("cat.png").getRGB(0, 0) & 255).isEqualTo(1);
    assertThat(generate("cat.png", "--seed", "2", "--force").code()).isZero();
    assertThat(image("cat.png").getRGB(0, 0) & 255).isEqualTo(2);
    assertThat(written(folder)).containsExactly("cat.png");
  }

  @Test
  void theJsonNamesFileAndSettingsOfEachImage() throws IOException {
    CommandRun run = generate("p", "-n", "2", "--size", "16x8", "--json");
    JsonNode second = new ObjectMapper().readTree(run.out()).path("pictures").path(1);
    assertThat(second.path("seed").asInt()).isEqualTo(1);
    assertThat(second.path("steps").asInt()).isEqualTo(50);
    assertThat(second.path("guidance").asDouble()).isEqualTo(7.5);
    assertThat(second.path("width").asInt()).isEqualTo(16);
    assertThat(second.path("height").asInt()).isEqualTo(8);
    assertThat(Path.of(second.path("file").asText())).exists();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "-n 0              | --count is 0                     | 1 to 100000",
        "-n 2147483647     | --count is 2147483647            | 1 to 100000",
        "--steps 2147483647 | --steps is 2147483647           | 1 to 100000",
        "--size 8193x8     | '8193x8' is too large; take at most 8192 | generate --help",
        "--seed 9223372036854775807 | --seed is 9223372036854775807 | 9223372036854775806",
        "-n 99999999999    | --count is 99999999999, which is too large | most 2147483647",
        "-n -99999999999   | --count is -99999999999, which is too small | least -2147483648",
        "--seed 9223372036854775808 | which is too large      | most 9223372036854775807",
        "-n four           | --count is 'four', which is no   | generate --help",
        "--steps 0         | --steps is 0                     | 1 to 100000",
        "--guidance -2     | --guidance is -2.0               | from 0 to 100",
        "--guidance much   | which is no number               | generate --help",
        "--seed -1         | --seed is -1                     | 0 to 92233",
        "--size big        | --size: 'big' is no size         | generate --help",
        "--size 0x64       | has no pixels                    | generate --help",
        "--promt x         | unknown option '--promt'         | did you mean --prompt",
        "--sld huge        | 'huge' is no strength of SLD     | weak, medium, strong or max",
        "--safe=           | the safety text is empty         | --safe nudity",
        "--safe=\u00a0\u200b | the safety text is empty       | --safe nudity",
        "--safe x --safe y | --safe is given twice            | generate --help",
        "--sld max --guidance 1 | guidance 1.0 is none        | above 1, or leave",
        "--device gpu      | --device is 'gpu'                | cuda",
      })
  void aBadOptionIsExplained(String options, String what, String remedy) {
    CommandRun run = generate("x.png", options.split(" +"));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err().lines()).hasSize(2);
    assertThat(run.err()).contains(what).containsIgnoringCase(remedy);
    assertThat(folder.resolve("x.png")).doesNotExist();
  }

  @Test
  void promptAndOutAreNeeded() {
    CommandRun run = CommandRun.of("generate", "-m", "pocket");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--out FILE|DIR is missing");
    run = CommandRun.of("generate", "-m", "pocket", "-o", folder.resolve("x.png").toString());
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("--prompt TEXT is missing");
  }

  @Test
  void aFileOfFoundPromptsIsDrawnFromItsSeedsWithoutWhatAreNoWords() throws IOException {
    Path found = folder.resolve("found.csv");
    Files.writeString(
        found,
        """
        method,prompt,seed,embedding
        uce,'=a wing,7,
        uce,an airplane,1,probe/001.safetensors
        uce,"wings, two",3,
        """);
    Path out = folder.resolve("pictures");
    CommandRun run =
        CommandRun.of(
            "generate", "-m", "pocket", "--prompt-file", found.toString(), "-o", out.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("1 of the file are embeddings");
    assertThat(out.resolve("000-a-wing-7.png")).exists();
    assertThat(out.resolve("001-wings-two-3.png")).exists();
    assertThat(out.resolve("002-wings-two-4.png")).doesNotExist();
  }

  @Test
  void plainLinesAreDrawnFromTheSeedAskedFor() throws IOException {
    Path list = Files.writeString(folder.resolve("list.txt"), "a cat\n\na dog\n");
    Path out = folder.resolve("pictures");
    CommandRun run =
        CommandRun.of(
            "generate",
            "-m",
            "pocket",
            "--prompt-file",
            list.toString(),
            "--seed",
            "5",
            "-o",
            out.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(out.resolve("000-a-cat-5.png")).exists();
    assertThat(out.resolve("001-a-dog-5.png")).exists();
  }

  @Test
  void aPromptFileIsNoEmptyListAndStandsAlone() throws IOException {
    String out = folder.resolve("x.png").toString();
    Path empty = Files.writeString(folder.resolve("empty.txt"), "\n");
    CommandRun run =
        CommandRun.of("generate", "-m", "pocket", "--prompt-file", empty.toString(), "-o", out);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("lists no prompts");
    Path json = Files.writeString(folder.resolve("prompts.json"), "{\"prompt\": \"a cat\"}\n");
    run = CommandRun.of("generate", "-m", "pocket", "--prompt-file", json.toString(), "-o", out);
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains(json + " is by its name no text of one entry a line");
    run =
        CommandRun.of(
            "generate", "-m", "pocket", "-p", "x", "--prompt-file", empty.toString(), "-o", out);
    assertThat(run.code()).isEqualTo(2);
    run = CommandRun.of("generate", "-m", "pocket", "--prompt-file", "/no/such", "-o", out);
    assertThat(run.code()).isEqualTo(3);
  }

  @Test
  void aFolderThatCannotBeMadeIsAnErrorBeforeAnythingIsDrawn() throws IOException {
    Files.writeString(folder.resolve("file"), "");
    CommandRun run = generate("file/cat.png");
    assertThat(run.code()).isEqualTo(1);
    assertThat(run.err()).contains("can't write " + folder.resolve("file"));
  }

  @Test
  void onlyPngIsWritten() {
    assertThat(generate("cat.jpg").err()).contains("pictures are written as PNG only");
    assertThat(generate("cat.jpg").code()).isEqualTo(2);
  }

  @Test
  void aPredictionThatHadToBeGuessedIsToldInOneLine() throws IOException {
    SilentFile.write(folder.resolve("silent.safetensors"), folder.resolve("said.safetensors"));
    assertThat(draw("silent.safetensors").err())
        .containsOnlyOnce("realera: " + folder.resolve("silent.safetensors") + " does not say");
    assertThat(draw("said.safetensors").err()).doesNotContain("does not say");
  }

  @Test
  void whoStopsIsToldWhatIsThere() {
    for (String out : List.of("sheet.png", "pictures")) {
      CommandRun run =
          CommandRun.interrupted(
              CommandRun.liveCore(),
              "generate",
              "-m",
              Golden.path("tiny-sd").toString(),
              "-p",
              "a house",
              "-n",
              "2",
              "--steps",
              "1",
              "--device",
              "cpu",
              "-o",
              folder.resolve(out).toString());
      assertThat(run.code()).isEqualTo(130);
      assertThat(run.err()).contains("realera: stopped: nothing was written");
    }
    List<ImageRequest> two =
        List.of(new ImageRequest("a", "", 0, 1, 3, 8, 8), new ImageRequest("a", "", 1, 1, 3, 8, 8));
    Image picture = new Image(8, 8, new byte[8 * 8 * 3]);
    ImageOutput files = ImageOutput.plan(folder.resolve("two"), "m", null, two, 2, false);
    files.add(List.of(picture));
    assertThat(files.left()).isEqualTo("1 of 2 pictures are written");
    ImageOutput sheet = ImageOutput.plan(folder.resolve("x.png"), "m", null, two, 2, false);
    sheet.add(List.of(picture));
    assertThat(sheet.left()).isEqualTo("nothing was written, for the sheet is not full");
    assertThat(folder.resolve("x.png")).doesNotExist();
    sheet.add(List.of(picture));
    assertThat(PngReader.texts(folder.resolve("x.png"))).containsEntry("pictures", "2");
    assertThat(PngReader.texts(files.files().get(0))).doesNotContainKey("pictures");
  }

  /** With the real core. */
  private CommandRun draw(String model) {
    String[] args = {"generate", "-m", folder.resolve(model).toString(), "-p", "a house"};
    String[] more = {"--steps", "1", "-o", folder.resolve(model + ".png").toString()};
    CommandRun run =
        CommandRun.with(
            CommandRun.liveCore(),
            Stream.of(args, more).flatMap(Stream::of).toArray(String[]::new));
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }
}

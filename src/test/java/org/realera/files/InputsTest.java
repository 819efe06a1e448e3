package org.realera.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.campaign.ErasedModel;
import org.realera.checkpoint.Manifest;
import org.realera.checkpoint.ModelCard;
import org.realera.checkpoint.architecture.ClipTextConfig;
import org.realera.checkpoint.architecture.ModelIndex;
import org.realera.checkpoint.architecture.SchedulerConfig;
import org.realera.checkpoint.architecture.UNetConfig;
import org.realera.checkpoint.architecture.VaeConfig;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.eval.run.FidResult;
import org.realera.eval.run.RunFiles;
import org.realera.eval.suite.SuiteReader;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.WeightFiles;
import org.realera.text.ClipTokenizer;

/** What every reader of a foreign file holds to; a reader more is a line more. */
class InputsTest {
  private static final Path CUT = Path.of("src/test/resources/org/realera/text/cut");
  private static final List<String> RECIPES = List.of("object");

  @TempDir Path folder;

  /**
   * A reader of one file.
   *
   * @param name what the file is called
   * @param content something that it takes
   */
  private record Input(String name, String content, Consumer<Path> reader) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Input json(String name, Consumer<Path> reader) {
    return new Input(name, "{}", reader);
  }

  static List<Input> texts() {
    return List.of(
        json("unet.json", UNetConfig::read),
        json("vae.json", VaeConfig::read),
        json("text.json", ClipTextConfig::read),
        json("scheduler_config.json", SchedulerConfig::read),
        new Input(
            "model_index.json", "{\"_class_name\": \"StableDiffusionPipeline\"}", ModelIndex::read),
        json("card.json", file -> ModelCard.of(file.getParent(), RECIPES)),
        json("realera.json", file -> Manifest.find(file.getParent())),
        json("fid.json", file -> read(() -> Json.read(file))),
        json("tokenizer_config.json", InputsTest::tokenizer),
        json("special_tokens_map.json", InputsTest::tokenizer),
        json("added_tokens.json", InputsTest::tokenizer),
        new Input("merges.txt", text(CUT.resolve("merges.txt")), InputsTest::tokenizer),
        new Input("vocab.json", text(CUT.resolve("vocab.json")), InputsTest::tokenizer),
        new Input(
            "model.safetensors.index.json",
            "{\"weight_map\": {\"x\": \"a.safetensors\"}}",
            file -> WeightFiles.findAll(file.getParent(), "model")),
        new Input("list.csv", "prompt\na cat\n", file -> read(() -> Csv.read(file, "Mend it."))),
        new Input("recipe.yaml", "seed: 1\n", RecipeReader::read),
        new Input(
            "suite.yaml",
            text(Path.of("src/main/resources/org/realera/suites/cifar10.yaml")),
            file -> SuiteReader.read(file.toString())));
  }

  /** Those that need more than one file, or more in it, than is worth writing here. */
  static List<Input> all() {
    return Stream.concat(
            texts().stream(),
            Stream.of(
                json("run.json", file -> RunFiles.readRun(file.getParent())),
                json("fid.json", file -> FidResult.read(file.getParent())),
                json(
                    "realera.json",
                    file ->
                        ErasedModel.of(file.getParent(), SuiteReader.read("cifar10"), null, null)),
                new Input("x.safetensors", "", file -> SafetensorsFile.open(file).close())))
        .toList();
  }

  /** What a model's or a run's folder holds; recipes and suites are named by the user. */
  static List<Input> foreign() {
    return all().stream().filter(input -> !input.name().endsWith(".yaml")).toList();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void whatTheUserNamesMayBeAPipe() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    new ProcessBuilder("sh", "-c", "printf 'seed: 7\\n' > '" + pipe + "'").start();
    EraseRecipe recipe =
        assertTimeoutPreemptively(Duration.ofSeconds(60), () -> RecipeReader.read(pipe));
    assertThat(recipe.seed()).isEqualTo(7);
  }

  @ParameterizedTest
  @MethodSource("foreign")
  @DisabledOnOs(OS.WINDOWS)
  void aPipeIsRefusedAndNotWaitedFor(Input input) throws Exception {
    Path file = folder.resolve(input.name());
    assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor()).isZero();
    RealeraException refused =
        assertTimeoutPreemptively(
            Duration.ofSeconds(60),
            () -> catchThrowableOfType(RealeraException.class, () -> input.reader().accept(file)));
    assertThat(refused).isNotNull().hasMessageContaining(file + " is a pipe or a device");
    assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
  }

  @ParameterizedTest
  @MethodSource("all")
  void textThatIsNotUtf8IsNamedWithFile(Input input) throws IOException {
    byte[] bytes = "{\"x\": 1,\n \"\u00e9\": 2}".getBytes(StandardCharsets.ISO_8859_1);
    if (input.name().endsWith(".safetensors")) {
      ByteBuffer whole = ByteBuffer.allocate(8 + bytes.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes = whole.putLong(bytes.length).put(bytes).array();
    }
    Path file = Files.write(folder.resolve(input.name()), bytes);
    RealeraException refused =
        catchThrowableOfType(RealeraException.class, () -> input.reader().accept(file));
    assertThat(refused)
        .isNotNull()
        .hasMessageContaining(file.toString())
        .hasMessageContaining("not UTF-8");
    assertThat(refused.kind()).isEqualTo(Kind.DAMAGED);
  }

  @ParameterizedTest
  @MethodSource("texts")
  void aByteOrderMarkIsPassedOver(Input input) throws IOException {
    Path file = Files.writeString(folder.resolve(input.name()), "\ufeff" + input.content());
    assertThatCode(() -> input.reader().accept(file)).doesNotThrowAnyException();
  }

  /** The tokenizer's other files are sound. */
  private static void tokenizer(Path file) {
    read(
        () -> {
          for (String name : List.of("vocab.json", "merges.txt")) {
            if (!Files.exists(file.resolveSibling(name))) {
              Files.copy(CUT.resolve(name), file.resolveSibling(name));
            }
          }
          ClipTokenizer.load(file.getParent()).close();
          return "";
        });
  }

  /** One body of code that may fail with an IOException. */
  private interface Body {
    Object run() throws IOException;
  }

  private static void read(Body body) {
    try {
      body.run();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}

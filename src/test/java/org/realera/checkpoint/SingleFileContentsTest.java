package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.builtin.BuiltInTokenizer;
import org.realera.files.Environment;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;

/** What lies in a single file beside its tensors, and what of them is strange or missing. */
class SingleFileContentsTest {
  private static final String CONV_IN = "model.diffusion_model.input_blocks.0.0.weight";

  @TempDir Path temp;

  private Path file;

  @BeforeEach
  void write() {
    file = temp.resolve("tiny.safetensors");
    SingleFiles.write(TinySingleFile.folder(), Optional.empty(), Map.of("format", "pt"), file);
  }

  @Test
  void whatTrainingLeftInAFileIsIgnored() {
    change(
        tensor -> Optional.of(tensor),
        TensorSource.of("model_ema.decay", DType.F32, List.of(), new float[] {0.9999f}),
        TensorSource.of("betas", DType.F32, List.of(2L), new float[] {1, 2}));
    assertThat(single().fingerprints()).isEqualTo(TinySingleFile.folder().fingerprints());
  }

  /** A copy that lacks them says so; the noise schedule is no loss. */
  @Test
  void whatACopyLacksIsNamed() {
    change(
        tensor -> Optional.of(tensor),
        TensorSource.of("model_ema.decay", DType.F32, List.of(), new float[] {0.9999f}),
        TensorSource.of("model_ema.weight", DType.F32, List.of(1L), new float[] {1}),
        TensorSource.of("cond_stage_model.logit_scale", DType.F32, List.of(), new float[] {1}),
        TensorSource.of("betas", DType.F32, List.of(2L), new float[] {1, 2}));
    String[] lost = {"cond_stage_model.logit_scale", "model_ema.* (2 tensors)"};
    Path copy = temp.resolve("copy.safetensors");
    assertThat(SingleFiles.write(single(), Optional.empty(), Map.of(), copy)).containsExactly(lost);
    Path back = temp.resolve("back");
    assertThat(FolderWriter.write(single(), Map.of(), Optional.empty(), back))
        .containsExactly(lost);
  }

  @Test
  void positionIdsOfOlderFilesAreKept() throws IOException {
    change(
        tensor -> Optional.of(tensor),
        TensorSource.of(
            "cond_stage_model.transformer.text_model.embeddings.position_ids",
            DType.F32,
            List.of(1L, 2L),
            new float[] {0, 1}));
    Path again = temp.resolve("again.safetensors");
    SingleFiles.write(single(), Optional.empty(), Map.of("format", "pt"), again);
    TinySingleFile.assertSameTensors(again, file);
  }

  @Test
  void namesOfTheTextEncoderThatLostALevelAreRead() {
    change(
        tensor ->
            Optional.of(
                tensor.as(
                    tensor.info().name().replace("transformer.text_model.", "transformer."),
                    tensor.info().shape())));
    assertThat(single().fingerprints()).isEqualTo(TinySingleFile.folder().fingerprints());
  }

  @Test
  void aMissingTensorIsNamedAsTheFileWouldCallIt() {
    change(tensor -> Optional.of(tensor).filter(t -> !t.info().name().equals(CONV_IN)));
    assertDamaged(file, CONV_IN + " [16, 4, 3, 3] is missing");
  }

  @Test
  void aTensorThatTheUNetHasNoPlaceForIsNamed() {
    change(
        tensor -> Optional.of(tensor),
        TensorSource.of("model.diffusion_model.motion.weight", DType.F32, List.of(), new float[1]));
    assertDamaged(file, "model.diffusion_model.motion.weight [] is not part of it");
  }

  @Test
  void aFileWithoutConfigurationsIsTakenForStableDiffusion1() {
    changeMetadata(metadata -> metadata.remove(SingleFile.FILES));
    assertDamaged(file, "tensors do not fit the architecture of the model");
    assertThatThrownBy(() -> Checkpoint.open(file))
        .satisfies(
            e -> assertThat(((RealeraException) e).remedy()).contains("dropped its metadata"))
        .message()
        .satisfies(
            text -> {
              Matcher counts =
                  Pattern.compile(": (\\d+) of (\\d+) tensors do not fit").matcher(text);
              assertThat(counts.find()).as(text).isTrue();
              assertThat(Integer.parseInt(counts.group(1)))
                  .isLessThanOrEqualTo(Integer.parseInt(counts.group(2)));
            });
  }

  @Test
  void aFileWithAVocabularyOfItsOwnMustCarryIt() {
    changeMetadata(
        metadata ->
            metadata.put(
                SingleFile.FILES,
                String.valueOf(metadata.get(SingleFile.FILES)).replace("vocab.json", "x.json")));
    assertDamaged(file, "has 1514 tokens, but the file carries no tokenizer");
  }

  @Test
  void aFileWithoutVaeIsCalledSo() {
    change(tensor -> Optional.of(tensor).filter(t -> !t.info().name().startsWith("first_stage")));
    assertDamaged(file, "is a Stable Diffusion 1 model without its VAE");
  }

  @Test
  void aTensorOfAnUnknownTypeIsNamedWhereItIsNeededAndPassedOverElsewhere() throws IOException {
    retype("model.diffusion_model.out.2.bias", "U32");
    assertDamaged(file, "model.diffusion_model.out.2.bias is U32, which is not supported");
    write();
    change(
        tensor -> Optional.of(tensor),
        TensorSource.of("spare.bias", DType.F32, List.of(4L), new float[4]));
    retype("spare.bias", "Q44");
    assertThat(single().fingerprints()).isEqualTo(TinySingleFile.folder().fingerprints());
  }

  /** Calls a tensor of 32 bits each something else of as many letters. */
  private void retype(String tensor, String label) throws IOException {
    String text = Files.readString(file, StandardCharsets.ISO_8859_1);
    int at = text.indexOf("\"F32\"", text.indexOf('"' + tensor + '"'));
    Files.writeString(
        file,
        text.substring(0, at + 1) + label + text.substring(at + 4),
        StandardCharsets.ISO_8859_1);
  }

  @Test
  void addedTokensTravelWithTheTokenizer() throws IOException {
    Path folder = TinyModel.copyTo(temp.resolve("folder"));
    String added = "{\"<cat-toy>\": 1514}";
    Files.writeString(folder.resolve("tokenizer/added_tokens.json"), added);
    SingleFiles.write(Checkpoint.open(folder), Optional.empty(), Map.of(), file);
    assertThat(single().root().resolve("tokenizer/added_tokens.json")).hasContent(added);
  }

  /** Without it, nobody could open what is written. */
  @Test
  void aTokenizerThatIsTooLargeToTravelIsRefused() throws IOException {
    Path folder = TinyModel.copyTo(temp.resolve("folder"));
    Path tokenizer = folder.resolve("tokenizer/vocab.json");
    pad(tokenizer, 4 << 20);
    Checkpoint model = Checkpoint.open(folder);
    SingleFiles.write(model, Optional.empty(), Map.of(), file);
    assertThat(single().root().resolve("tokenizer/vocab.json")).hasSameBinaryContentAs(tokenizer);
    pad(tokenizer, (4 << 20) + 1);
    Path none = temp.resolve("none.safetensors");
    List<ThrowingCallable> ways =
        List.of(
            () -> SingleFileWriter.requireSmallFiles(model),
            () -> SingleFiles.write(model, Optional.empty(), Map.of(), none));
    for (ThrowingCallable way : ways) {
      assertThatThrownBy(way)
          .isInstanceOfSatisfying(
              RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.DAMAGED))
          .hasMessage(tokenizer + " has 4194305 bytes, expected at most 4194304 in a single file");
    }
    assertThat(none).doesNotExist();
  }

  /** It does not travel, whatever its size. */
  @Test
  void aLargeFileOfTheTokenizerThatIsBuiltInIsNoLoss() throws IOException {
    Path folder = TinyModel.copyTo(temp.resolve("folder"));
    TinyModel.edit(
        folder.resolve("text_encoder/config.json"), ": 1514", ": " + BuiltInTokenizer.SIZE);
    Path tokenizer = folder.resolve("tokenizer");
    Files.writeString(tokenizer.resolve("vocab.json"), BuiltInTokenizer.vocabJson());
    Files.writeString(tokenizer.resolve("merges.txt"), BuiltInTokenizer.mergesText());
    Files.writeString(tokenizer.resolve("tokenizer.json"), "{}");
    pad(tokenizer.resolve("tokenizer.json"), (4 << 20) + 1);
    Checkpoint model = Checkpoint.open(folder);
    assertThatCode(() -> SingleFileWriter.requireSmallFiles(model)).doesNotThrowAnyException();
  }

  @Test
  void textsForPeopleThatAreTooLargeToTravelAreNamedAsLeftOut() throws IOException {
    Path folder = TinyModel.copyTo(temp.resolve("folder"));
    Files.createDirectories(folder.resolve("licenses"));
    List<String> texts = List.of("LICENSE.md", "README.md", "licenses/MIT.txt");
    for (String text : texts) {
      Files.writeString(folder.resolve(text), "x");
      pad(folder.resolve(text), (4 << 20) + 1);
    }
    assertThat(SingleFiles.write(Checkpoint.open(folder), Optional.empty(), Map.of(), file))
        .isEqualTo(texts);
    assertThat(single().root().resolve("README.md")).doesNotExist();
  }

  /** Blanks at the end change no text. */
  private static void pad(Path file, int bytes) throws IOException {
    Files.writeString(file, " ".repeat(bytes - (int) Files.size(file)), StandardOpenOption.APPEND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"../evil.json", "/tmp/evil.json", "unet/../../evil.json", "unet/evil.py"})
  void aPathThatHasNoBusinessInAModelIsIgnored(String path) {
    changeMetadata(
        metadata ->
            metadata.put(
                SingleFile.FILES,
                String.valueOf(metadata.get(SingleFile.FILES))
                    .replaceFirst("\\{", "{\"" + path + "\":\"evil\",")));
    Checkpoint model = single();
    assertThat(TinyModel.files(model.root())).noneMatch(f -> f.toString().contains("evil"));
    assertThat(temp.resolve("evil.json")).doesNotExist();
  }

  @Test
  void carriedFilesThatAreNoJsonAreAnError() {
    changeMetadata(metadata -> metadata.put(SingleFile.FILES, "{"));
    assertDamaged(file, "its metadata entry realera.files is not JSON");
    changeMetadata(metadata -> metadata.put(SingleFile.FILES, "[]"));
    assertDamaged(file, "its metadata entry realera.files is no JSON object");
  }

  @Test
  void configurationsAreUnpackedOnceAndMendedWhenSpoilt() throws IOException {
    Path root = single().root();
    assertThat(single().root()).isEqualTo(root);
    Files.writeString(root.resolve("unet/config.json"), "{}");
    assertThat(single().unetConfig()).isEqualTo(TinySingleFile.folder().unetConfig());
    try (Stream<Path> left = Files.list(root.getParent())) {
      assertThat(left).containsExactly(root);
    }
  }

  private Checkpoint single() {
    Environment cache = new Environment(Map.of("REALERA_CACHE", temp.resolve("cache").toString()));
    return Checkpoint.open(file, cache);
  }

  private void assertDamaged(Path path, String message) {
    Environment cache = new Environment(Map.of("REALERA_CACHE", temp.resolve("cache").toString()));
    assertThatThrownBy(() -> Checkpoint.open(path, cache))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(path.toString())
        .hasMessageContaining(message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.DAMAGED);
  }

  /** Writes the file anew: some tensors changed or dropped, others added. */
  private void change(
      Function<TensorSource.Stored, Optional<TensorSource.Stored>> each, TensorSource... more) {
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      List<TensorSource> tensors = new ArrayList<>();
      for (TensorInfo info : opened.inFileOrder()) {
        each.apply(opened.stored(info.name())).ifPresent(tensors::add);
      }
      tensors.addAll(List.of(more));
      SafetensorsWriter.write(file, opened.metadata(), tensors);
    }
  }

  private void changeMetadata(java.util.function.Consumer<Map<String, @Nullable String>> change) {
    try (SafetensorsFile opened = SafetensorsFile.open(file)) {
      Map<String, @Nullable String> metadata = new LinkedHashMap<>(opened.metadata());
      change.accept(metadata);
      List<TensorSource> tensors = new ArrayList<>();
      opened.inFileOrder().forEach(info -> tensors.add(opened.stored(info.name())));
      SafetensorsWriter.write(file, metadata, tensors);
    }
  }
}

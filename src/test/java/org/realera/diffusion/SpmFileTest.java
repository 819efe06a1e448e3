package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.Checkpoint;
import org.realera.golden.Golden;
import org.realera.golden.Spoiled;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;

/** The file of SPM's adapters: what is written, read back and refused. */
class SpmFileTest {
  private static final Path AUTHORS = Golden.path("spm-authors.safetensors");
  private static final String LAYER = "mid_block.attentions.0.transformer_blocks.0.attn2.to_k";
  private static final String KOHYA =
      "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn2_to_k";
  private static Checkpoint model;
  @TempDir private Path folder;

  @BeforeAll
  static void open() {
    model = Checkpoint.open(Golden.path("tiny-sd"));
  }

  /** Two concepts of rank 2 with alpha 1, random but told apart. */
  private static List<Membrane> two() {
    Membrane one = SpmFile.read(AUTHORS, model).membranes().get(0);
    List<Membrane> two = new ArrayList<>();
    for (String concept : List.of("house, old", "game")) {
      TreeMap<String, float[]> values = new TreeMap<>();
      TreeMap<String, Shape> shapes = new TreeMap<>();
      one.shapes()
          .forEach(
              (name, shape) -> {
                long[] sizes = shape.getShape().clone();
                sizes[name.endsWith("lora_A") ? 0 : 1] = 2;
                float[] numbers = new float[(int) new Shape(sizes).size()];
                for (int i = 0; i < numbers.length; i++) {
                  numbers[i] = i + 1000 * two.size();
                }
                values.put(name, numbers);
                shapes.put(name, new Shape(sizes));
              });
      two.add(new Membrane(List.of(concept), 0.5, values, shapes));
    }
    return two;
  }

  @Test
  void whatIsWrittenIsReadBackEachConceptByItself() {
    Path file = folder.resolve(SpmFile.NAME);
    SpmFile.write(file, two());
    SpmFile read = SpmFile.read(folder, model);
    assertThat(read.source().concepts()).containsExactly("house, old", "game");
    assertThat(read.source().sha256()).hasSize(64);
    for (int i = 0; i < 2; i++) {
      Membrane membrane = read.membranes().get(i);
      Membrane written = two().get(i);
      assertThat(membrane.shapes()).isEqualTo(written.shapes());
      written
          .parameters()
          .forEach(
              (name, values) -> {
                float[] found = Objects.requireNonNull(membrane.parameters().get(name)).clone();
                for (int k = 0; name.endsWith("lora_A") && k < found.length; k++) {
                  found[k] /= 0.5f; // alpha / r stands in A once it is read
                }
                assertThat(Arrays.equals(found, values)).as(name).isTrue();
              });
    }
  }

  /** One concept's file is the authors'; of several, other programs see their sum. */
  @Test
  void namesAndMetadataAreTheAuthors() {
    Path file = folder.resolve("one.safetensors");
    SpmFile.write(file, two().subList(1, 2));
    try (SafetensorsFile written = SafetensorsFile.open(file);
        SafetensorsFile authors = SafetensorsFile.open(AUTHORS)) {
      assertThat(written.tensors().keySet()).isEqualTo(authors.tensors().keySet());
      assertThat(written.metadata())
          .containsEntry("prompts", "game")
          .containsEntry("rank", "2")
          .containsEntry("alpha", "1.0")
          .containsKeys(authors.metadata().keySet().toArray(String[]::new));
    }
    SpmFile.write(file, two());
    try (SafetensorsFile written = SafetensorsFile.open(file)) {
      assertThat(written.metadata()).containsEntry("rank", "4").containsEntry("alpha", "2.0");
      assertThat(Objects.requireNonNull(written.tensors().get(KOHYA + ".lora_down.weight")).shape())
          .startsWith(4L);
    }
  }

  /** alpha / r stands in A, and where a file has no alpha it is r, as other programs take it. */
  @Test
  void withoutAlphaTheScaleIsOne() {
    Path file = folder.resolve("one.safetensors");
    List<Membrane> written = two().subList(1, 2); // of rank 2, and alpha 1
    SpmFile.write(file, written);
    float[] whole = written.get(0).parameters().get(LAYER + ".lora_A");
    float[] half = new float[whole.length];
    for (int i = 0; i < half.length; i++) {
      half[i] = whole[i] / 2;
    }
    assertThat(lora(file)).isEqualTo(half);
    Path without = folder.resolve("without.safetensors");
    try (SafetensorsFile stored = SafetensorsFile.open(file)) {
      List<TensorSource> rest = new ArrayList<>();
      stored.tensors().keySet().stream()
          .filter(name -> !name.endsWith(".alpha"))
          .forEach(name -> rest.add(stored.stored(name)));
      SafetensorsWriter.write(without, stored.metadata(), rest);
    }
    assertThat(lora(without)).isEqualTo(whole);
  }

  private static float[] lora(Path file) {
    Membrane membrane = SpmFile.read(file, model).membranes().get(0);
    return Objects.requireNonNull(membrane.parameters().get(LAYER + ".lora_A"));
  }

  private static void assertRefused(Path given, Checkpoint of, Kind kind, String... message) {
    assertThatThrownBy(() -> SpmFile.read(given, of))
        .isInstanceOfSatisfying(RealeraException.class, e -> assertThat(e.kind()).isEqualTo(kind))
        .hasMessageContainingAll(message);
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    Path file = folder.resolve("no.safetensors");
    assertRefused(file, model, Kind.NOT_FOUND, "there is no file " + file);
    assertRefused(folder, model, Kind.NOT_FOUND, folder.resolve(SpmFile.NAME).toString());
  }

  @Test
  void aFileOfAnotherKindIsRefused() throws IOException {
    Path weights = Golden.path("tiny-sd/unet/diffusion_pytorch_model.safetensors");
    assertRefused(weights, model, Kind.DAMAGED, "no file of SPM: its metadata names no erased");
    Path text = Files.writeString(folder.resolve("notes.safetensors"), "these are my notes");
    assertRefused(text, model, Kind.DAMAGED, "notes.safetensors");
  }

  @Test
  void aFileOfAnotherModelIsRefused() {
    Checkpoint other = Checkpoint.open(Golden.path("tiny-sd2"));
    assertRefused(AUTHORS, other, Kind.USAGE, "is of another model: lora_unet_", "expected [");
  }

  @Test
  void aModelThatHoldsAdaptersAlreadyIsRefused() throws IOException {
    Path erased = Spoiled.copy("tiny-sd", folder.resolve("erased"));
    Files.writeString(
        erased.resolve("realera.json"), "{\"recipe\": {\"method\": \"uce\", \"concepts\": []}}");
    assertThat(SpmFile.read(AUTHORS, Checkpoint.open(erased)).membranes()).hasSize(1);
    String bySpm = "{\"recipe\": {\"method\": \"spm\", \"concepts\": []}}";
    String later =
        "{\"recipe\": {\"method\": \"uce\", \"concepts\": []}, \"model\": {\"previous\": %s}}";
    String once = String.format(Locale.ROOT, later, bySpm);
    for (String manifest : List.of(bySpm, once, String.format(Locale.ROOT, later, once))) {
      Files.writeString(erased.resolve("realera.json"), manifest);
      assertRefused(
          AUTHORS,
          Checkpoint.open(erased),
          Kind.USAGE,
          erased + " was erased by spm: its weights hold the adapters already");
    }
  }

  /** The authors' file with some tensors and metadata others. */
  private Path changed(Map<String, String> metadata, String name, TensorSource... more) {
    Path file = folder.resolve("changed.safetensors");
    try (SafetensorsFile authors = SafetensorsFile.open(AUTHORS)) {
      List<TensorSource> tensors = new ArrayList<>(List.of(more));
      authors.tensors().keySet().stream()
          .filter(n -> !n.equals(name))
          .forEach(n -> tensors.add(authors.stored(n)));
      SafetensorsWriter.write(file, metadata, tensors);
    }
    return file;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prompts          | ' , '         | its metadata names no erased prompts",
        "realera.concepts | nothing       | realera.concepts is no list of concepts",
        "realera.concepts | []            | realera.concepts is no list of concepts",
        "realera.concepts | '[\"\"]'      | realera.concepts is no list of concepts",
        "realera.concepts | [null]        | realera.concepts is no list of concepts",
        "realera.concepts | '[\"a\",\"b\"]' | has rank 1 for 2 concepts"
      })
  void metadataThatSaysNothingIsRefused(String key, String value, String message) {
    assertRefused(changed(Map.of(key, value), ""), model, Kind.DAMAGED, "no file of SPM", message);
  }

  @Test
  void tensorsThatAreNoAdaptersAreRefused() {
    Map<String, String> metadata = Map.of("prompts", "house");
    String down = KOHYA + ".lora_down.weight";
    String up = KOHYA + ".lora_up.weight";
    assertRefused(
        changed(metadata, down), model, Kind.DAMAGED, "its tensor " + KOHYA, "no part of an");
    assertRefused(changed(metadata, up), model, Kind.DAMAGED, "it lacks " + up);
    TensorSource other = tensor("lora_te_x.lora_down.weight", List.of(1L), 1);
    assertRefused(
        changed(metadata, "", other), model, Kind.DAMAGED, "lora_te_x.lora_down.weight is no part");
    TensorSource nowhere = tensor("lora_unet_no_layer.lora_down.weight", List.of(1L, 1L), 1);
    assertRefused(
        changed(metadata, "", nowhere), model, Kind.USAGE, "there is no layer for lora_unet_no");
    TensorSource two = tensor(KOHYA + ".alpha", List.of(2L), 1, 1);
    assertRefused(
        changed(metadata, KOHYA + ".alpha", two), model, Kind.DAMAGED, "alpha is not one number");
    float[] broken =
        new float
            [Math.toIntExact(
                SpmFile.read(AUTHORS, model)
                    .membranes()
                    .get(0)
                    .shapes()
                    .get(LAYER + ".lora_B")
                    .size())];
    broken[1] = Float.NaN;
    TensorSource nan = tensor(up, List.of((long) broken.length, 1L), broken);
    assertRefused(changed(metadata, up, nan), model, Kind.DAMAGED, up + " has NaN or infinity");
  }

  private static TensorSource tensor(String name, List<Long> shape, float... values) {
    return TensorSource.of(name, DType.F32, shape, values);
  }
}

package org.realera.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.realera.safetensors.SafetensorsFileTest.golden;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** Golden files come from scripts/golden/safetensors_files.py. */
class WeightFilesTest {
  private static final String ONE = "model-00001-of-00002.safetensors";
  private static final String TWO = "model-00002-of-00002.safetensors";

  @TempDir Path folder;

  @BeforeEach
  void copyShards() throws IOException {
    Files.copy(golden(ONE), folder.resolve(ONE));
    Files.copy(golden(TWO), folder.resolve(TWO));
  }

  @Test
  void thePlainFileComesBeforeTheFp16Variant() throws IOException {
    Files.copy(golden(ONE), folder.resolve("model.fp16.safetensors"));
    assertThat(WeightFiles.find(folder, "model").variant()).isEqualTo("fp16");
    Files.copy(golden(TWO), folder.resolve("model.safetensors"));
    assertThat(WeightFiles.find(folder, "model").variant()).isEmpty();
    assertThat(WeightFiles.findAll(folder, "model")).hasSize(2);
  }

  /**
   * Tried with diffusers 0.39.0 and transformers 4.53.3, other numbers in the file than in the
   * shards.
   */
  @Test
  void ofAFileBesideAListOfShardsTheOneThatPythonLoadsIsRead() throws IOException {
    String index = "{\"weight_map\":{\"c\":\"%s\"}}".formatted(TWO);
    for (String base : List.of("model", "diffusion_pytorch_model")) {
      index(base + ".safetensors.index.json", index);
      Files.copy(golden(ONE), folder.resolve(base + ".safetensors"));
    }
    assertThat(WeightFiles.findAll(folder, "diffusion_pytorch_model"))
        .singleElement()
        .extracting(WeightFiles::files)
        .isEqualTo(List.of(folder.resolve(TWO)));
    assertThat(WeightFiles.findAll(folder, "model"))
        .singleElement()
        .extracting(WeightFiles::files)
        .isEqualTo(List.of(folder.resolve("model.safetensors")));
  }

  @Test
  void anFp16IndexIsFoundUnderTheNameDiffusersGivesIt() throws IOException {
    index("model.safetensors.index.fp16.json", "{\"weight_map\":{\"c\":\"%s\"}}".formatted(TWO));
    try (Weights weights = ShardedWeights.open(folder, "model")) {
      assertThat(weights.tensors().keySet()).containsExactly("c");
    }
  }

  @Test
  void aTensorThatIsInNoShardIsNamed() throws IOException {
    index("model.safetensors.index.json", "{\"weight_map\":{\"z\":\"%s\"}}".formatted(ONE));
    assertFailure(Kind.DAMAGED, "tensor z should be in " + ONE + ", found in no file");
  }

  @Test
  void aTensorThatIsInTheWrongShardIsNamed() throws IOException {
    index(
        "model.safetensors.index.json",
        "{\"weight_map\":{\"a\":\"%s\",\"c\":\"%s\"}}".formatted(TWO, ONE));
    assertFailure(Kind.DAMAGED, "tensor a should be in " + TWO + ", found in " + ONE);
  }

  @Test
  void aTensorThatIsInTwoShardsIsNamed() throws IOException {
    Files.copy(golden(ONE), folder.resolve("again.safetensors"));
    index(
        "model.safetensors.index.json",
        "{\"weight_map\":{\"a\":\"%s\",\"b\":\"again.safetensors\"}}".formatted(ONE));
    assertFailure(Kind.DAMAGED, "tensor a is in two files");
  }

  @Test
  void aShardThatIsMissingIsNamed() throws IOException {
    Files.delete(folder.resolve(TWO));
    index("model.safetensors.index.json", Files.readString(golden("model.safetensors.index.json")));
    assertFailure(Kind.NOT_FOUND, TWO + " is missing");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../a.safetensors", "/a.safetensors", "a/b.safetensors", "a.bin", ""})
  void anIndexCanNotNameFilesElsewhere(String file) throws IOException {
    index("model.safetensors.index.json", "{\"weight_map\":{\"a\":\"%s\"}}".formatted(file));
    assertFailure(Kind.DAMAGED, "expected a .safetensors file beside it");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "{}", "{\"weight_map\":[]}", "{\"weight_map\":{}}", "{"})
  void anIndexWithoutAWeightMapIsDamaged(String json) throws IOException {
    index("model.safetensors.index.json", json);
    assertFailure(Kind.DAMAGED, "model.safetensors.index.json");
  }

  @Test
  void pickledWeightsAreRefusedWithTheWayOut() throws IOException {
    Files.createFile(folder.resolve("model.bin"));
    assertFailure(Kind.DAMAGED, "holds model.bin but no model.safetensors");
    assertThatThrownBy(() -> ShardedWeights.open(folder, "model"))
        .extracting(e -> ((RealeraException) e).remedy())
        .asString()
        .contains("save_pretrained");
  }

  @Test
  void noWeightsAtAllAreNotFound() {
    assertFailure(Kind.NOT_FOUND, "has no model.safetensors");
  }

  private void index(String name, String json) throws IOException {
    Files.writeString(folder.resolve(name), json);
  }

  private void assertFailure(Kind kind, String message) {
    assertThatThrownBy(() -> ShardedWeights.open(folder, "model").close())
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(message)
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(kind);
  }
}

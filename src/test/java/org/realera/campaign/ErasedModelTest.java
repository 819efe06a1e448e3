package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.golden.Golden;

/**
 * What a model says was erased from it, and the model that it says it was made from: taken only
 * while that is still the same.
 */
class ErasedModelTest {
  private static final Path TINY = Golden.path("tiny-sd");
  private static final Suite SUITE = SuiteReader.read("cifar10");

  @TempDir private Path folder;

  private void manifest(Map<String, String> sha256) throws IOException {
    ObjectNode manifest = JsonNodeFactory.instance.objectNode();
    ObjectNode model = manifest.putObject("model").put("ref", "tiny");
    sha256.forEach(model.putObject("sha256")::put);
    Files.writeString(folder.resolve("realera.json"), manifest.toString());
  }

  private static Path find(String name) {
    assertThat(name).isEqualTo("tiny");
    return TINY;
  }

  /** Prompts are read without case: a survey would have no Acc_e of what was erased. */
  @Test
  void theConceptIsKnownInWhateverLettersItWasErased() throws IOException {
    Suite suite = SuiteReader.read("cifar10");
    Files.writeString(
        folder.resolve("realera.json"),
        """
        {"recipe": {"concepts": [{"concept": "Zebra", "anchor": "grass"},
                                 {"concept": "Airplane", "anchor": "the sky"}]}}
        """);
    assertThat(ErasedModel.of(folder, suite, null, null))
        .isEqualTo(new ErasedModel("airplane", "the sky", true));
    assertThat(ErasedModel.of(folder, suite, null, "sea"))
        .isEqualTo(new ErasedModel("airplane", "sea", true));
    assertThat(ErasedModel.of(folder, suite, "airplane", null))
        .isEqualTo(new ErasedModel("airplane", "the sky", false));
    assertThat(ErasedModel.of(folder, suite, "cat", null))
        .isEqualTo(new ErasedModel("cat", null, false));
  }

  @Test
  void theOriginalIsTheOneThatTheManifestNamesIfItIsUnchanged() throws IOException {
    Map<String, String> sha256 = Checkpoint.open(TINY).fingerprints();
    manifest(sha256);
    assertThat(ErasedModel.source(folder, ErasedModelTest::find))
        .contains(new ModelRef("tiny", TINY));
    for (String part : sha256.keySet()) {
      Map<String, String> changed = new TreeMap<>(sha256);
      changed.put(part, "0".repeat(64));
      manifest(changed);
      assertThat(ErasedModel.source(folder, ErasedModelTest::find)).as(part).isEmpty();
    }
  }

  /**
   * Earlier versions wrote no digest of the tokenizer, and earlier ones none of the configuration.
   */
  @Test
  void whatAnEarlierVersionDidNotWriteIsNotCompared() throws IOException {
    Map<String, String> sha256 = new TreeMap<>(Checkpoint.open(TINY).fingerprints());
    assertThat(sha256.keySet())
        .containsExactly("config", "text_encoder", "tokenizer", "unet", "vae");
    for (String added : List.of("tokenizer", "config")) {
      sha256.remove(added);
      manifest(sha256);
      assertThat(ErasedModel.source(folder, ErasedModelTest::find))
          .contains(new ModelRef("tiny", TINY));
    }
  }

  @Test
  void whatIsNotThereOrNotNamedIsNoOriginal() throws IOException {
    assertThat(ErasedModel.source(folder, ErasedModelTest::find)).isEmpty();
    manifest(Checkpoint.open(TINY).fingerprints());
    Function<String, Path> gone =
        name -> {
          throw RealeraException.notFound(name + " is not there", "Fetch it.");
        };
    assertThat(ErasedModel.source(folder, gone)).isEmpty();
  }

  private void erased(String... pairs) throws IOException {
    ObjectNode manifest = JsonNodeFactory.instance.objectNode();
    ArrayNode concepts = manifest.putObject("recipe").putArray("concepts");
    for (String pair : pairs) {
      String[] words = pair.split("=");
      concepts.addObject().put("concept", words[0]).put("anchor", words[1]);
    }
    Files.writeString(folder.resolve("realera.json"), manifest.toString());
  }

  private ErasedModel of(@Nullable String concept, @Nullable String anchor) {
    return ErasedModel.of(folder, SUITE, concept, anchor);
  }

  @Test
  void whatNobodyNamesIsAsTheManifestSays() throws IOException {
    erased("unicorn=horn", "ship=harbour", "cat=sofa");
    assertThat(of(null, null)).isEqualTo(new ErasedModel("ship", "harbour", true));
    assertThat(of(null, "pier")).isEqualTo(new ErasedModel("ship", "pier", true));
    assertThat(of("cat", null)).isEqualTo(new ErasedModel("cat", "sofa", false));
    assertThat(of("cat", "lawn")).isEqualTo(new ErasedModel("cat", "lawn", false));
    assertThat(of("dog", null)).isEqualTo(new ErasedModel("dog", null, false));
  }

  @Test
  void whatTheSuiteDoesNotKnowIsMeasuredOnlyIfItIsNamed() throws IOException {
    erased("unicorn=horn");
    assertThat(of(null, null)).isEqualTo(new ErasedModel(null, null, false));
    assertThat(of(null, "sofa")).isEqualTo(new ErasedModel(null, "sofa", false));
    assertThat(of("unicorn", null)).isEqualTo(new ErasedModel("unicorn", "horn", false));
  }

  @Test
  void conceptsThatTheSuiteDoesNotHaveAreNamedAsOneOrAsMany() {
    assertThat(ErasedModel.unmeasured("a.json", List.of("unicorn"), SUITE))
        .contains(
            "a.json names \"unicorn\" as erased, and suite cifar10 does not have it: all its"
                + " words are measured. Name one with --concept");
    assertThat(ErasedModel.unmeasured("a.json", List.of("unicorn", "gnome"), SUITE))
        .contains(
            "a.json names \"unicorn\", \"gnome\" as erased, and suite cifar10 has none of them:"
                + " all its words are measured. Name one with --concept");
    assertThat(ErasedModel.unmeasured("a.json", List.of("unicorn", "Ship"), SUITE)).isEmpty();
  }

  @Test
  void aModelThatIsNotOurWorkSaysNothing() {
    assertThat(of(null, null)).isEqualTo(new ErasedModel(null, null, false));
    assertThat(of("cat", "sofa")).isEqualTo(new ErasedModel("cat", "sofa", false));
  }
}

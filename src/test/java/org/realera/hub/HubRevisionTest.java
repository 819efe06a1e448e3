package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.realera.hub.HubServer.COMMIT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.hub.HubPull.Pulled;

/** Revisions in names, on a hub whose CLIP has safetensors in a pull request only. */
class HubRevisionTest extends HubFixture {
  private static final String PULL_REQUEST = NAME + "@refs/pr/15";
  private static final String OTHER = "c237dc49a33fc61debc9276459120b7eac67e7ef";

  /** As openai/clip-vit-base-patch32 is. */
  @Override
  HubServer newServer() throws IOException {
    return new HubServer(NAME)
        .withRevision("main", COMMIT, "model_index.json", "model.safetensors")
        .withRevision("refs/pr/15", OTHER, "model_index.json")
        .withRevision(OTHER, OTHER, "model_index.json")
        .with("config.json", "{\"model_type\": \"clip\"}")
        .with("flax_model.msgpack", bytes(40, 7))
        .with("merges.txt", "#version: 0.2\n")
        .with("model.safetensors", bytes(900, 8))
        .with("preprocessor_config.json", "{\"size\": 224}")
        .with("pytorch_model.bin", bytes(50, 9))
        .with("tf_model.h5", bytes(40, 10))
        .with("tokenizer.json", "{}")
        .with("vocab.json", "{\"a\": 0}");
  }

  @Test
  void aScorerIsPulledFromTheRevisionInItsNameAndFoundByIt() throws IOException {
    assertThat(HubSettings.of(env).cache().hasWhole(PULL_REQUEST)).isFalse();
    Pulled pulled = pull(PullRequest.of(PULL_REQUEST, Wanted.SCORER));
    assertThat(tree(pulled.folder()))
        .containsExactly(
            "config.json",
            "merges.txt",
            "model.safetensors",
            "preprocessor_config.json",
            "tokenizer.json",
            "vocab.json");
    assertThat(model().resolve("refs/refs/pr/15")).hasContent(OTHER);
    assertThat(ModelLocator.hubName(PULL_REQUEST, env)).contains(PULL_REQUEST);
    assertThat(HubSettings.of(env).cache().hasWhole(PULL_REQUEST)).isTrue();
    for (String name :
        new String[] {
          PULL_REQUEST,
          NAME + "@" + OTHER,
          "https://huggingface.co/some/model/tree/refs/pr/15",
          PULL_REQUEST + "/"
        }) {
      assertThat(ModelLocator.locate(name, Wanted.SCORER, env)).isEqualTo(pulled.folder());
    }
    assertThat(CachedModels.list(env)).extracting("name").containsExactly(PULL_REQUEST);
  }

  @Test
  void aCommitIsPulledAndFoundWithoutAnyOtherName() {
    Path folder = pull(PullRequest.of(NAME + "@" + OTHER)).folder();
    assertThat(ModelLocator.locate(NAME + "@" + OTHER, env)).isEqualTo(folder);
    assertThat(model().resolve("refs")).isEmptyDirectory();
  }

  @Test
  void theMainBranchOfPicklesGetsTheRemedyThatLoadsClip() {
    RealeraException e =
        assertFailure(
            Kind.DAMAGED,
            "this model has pickled weights only on the hub (pytorch_model.bin), and those are not"
                + " read");
    assertThat(e.remedy())
        .contains("NAME@REVISION")
        .contains("CLIPModel.from_pretrained(NAME).save_pretrained(FOLDER)")
        .contains("CLIPProcessor.from_pretrained(NAME).save_pretrained(FOLDER)")
        .doesNotContain("DiffusionPipeline");
  }

  /** Such as a mirror's, or one that was put there by hand. */
  @Test
  void aPlainNameStandsForTheMainBranchInTheCacheAndForNothingElse() throws IOException {
    pull(PullRequest.of(PULL_REQUEST));
    assertThatThrownBy(() -> ModelLocator.locate(NAME, Wanted.SCORER, env))
        .hasMessageContaining("has no main branch");
    Path main = Files.createDirectories(model().resolve("snapshots").resolve(COMMIT));
    Files.writeString(main.resolve("config.json"), "{}");
    Files.write(main.resolve("model.safetensors"), bytes(5, 11));
    Files.writeString(model().resolve("refs/main"), COMMIT);
    assertThat(HubSettings.of(env).cache().hasWhole(NAME)).isTrue();
    assertThat(ModelLocator.locate(NAME, Wanted.SCORER, env)).isEqualTo(main);
    assertThat(CachedModels.list(env)).extracting("name").containsExactly(NAME);
  }

  @Test
  void aRevisionThatIsNotInTheCacheIsNamedWithTheWayToIt() throws IOException {
    pull(PullRequest.of(PULL_REQUEST));
    assertThatThrownBy(() -> ModelLocator.locate(NAME + "@v2", env))
        .hasMessageContaining("model some/model has no revision v2 in the Hugging Face cache")
        .extracting(e -> ((RealeraException) e).remedy())
        .asString()
        .contains("`realera model pull some/model@v2`");
    env.put("HF_HUB_OFFLINE", "1");
    assertThatThrownBy(() -> pull(PullRequest.of(PULL_REQUEST)))
        .extracting(e -> ((RealeraException) e).remedy())
        .asString()
        .contains("`realera model pull " + PULL_REQUEST + "`");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../x", "refs/../../../x", "a b", "/etc", "a//b"})
  void aRevisionThatWouldLeadElsewhereIsRefused(String revision) {
    String name = NAME + "@" + revision;
    for (Runnable use :
        new Runnable[] {
          () -> ModelLocator.locate(name, env),
          () -> ModelLocator.canonical(name, env),
          () -> HubSettings.of(env).cache().snapshot(name),
          () -> PullRequest.of(name)
        }) {
      assertThatThrownBy(use::run)
          .hasMessage("'" + revision + "' can't be a revision")
          .extracting(e -> ((RealeraException) e).kind())
          .isEqualTo(Kind.USAGE);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "some/model@main, some/model",
    "some/model@v1.0, some/model@v1.0",
    "https://huggingface.co/some/model/tree/fp16, some/model@fp16"
  })
  void theRevisionStaysInTheNameUnlessItIsMain(String asked, String plain) {
    assertThat(ModelLocator.canonical(asked, env)).isEqualTo(plain);
  }
}

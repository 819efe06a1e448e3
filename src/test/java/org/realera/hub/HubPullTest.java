package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.hub.HubServer.COMMIT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException.Kind;
import org.realera.hub.HubPull.Pulled;

/** Pulls from a hub on this machine: what comes into the cache, and what does not. */
class HubPullTest extends HubFixture {
  @Test
  void theCacheIsLaidOutAsHuggingfaceHubLaysItOut() throws IOException {
    Pulled pulled = pull();
    assertThat(pulled.folder()).isEqualTo(model().resolve("snapshots").resolve(COMMIT));
    assertThat(Files.readString(model().resolve("refs/main"))).isEqualTo(COMMIT);
    Path link = pulled.folder().resolve(UNET);
    assertThat(Files.readSymbolicLink(link))
        .hasToString("../../../blobs/" + server.etag(UNET))
        .isRelative();
    assertThat(link).hasBinaryContent(server.content(UNET));
    assertThat(Files.readSymbolicLink(pulled.folder().resolve("model_index.json")))
        .hasToString("../../blobs/" + server.etag("model_index.json"));
    assertThat(blob("unet/config.json")).hasContent("{\"a\": 1}");
  }

  @Test
  void onlyWhatADiffusersModelNeedsIsFetched() throws IOException {
    Pulled pulled = pull();
    assertThat(tree(pulled.folder()))
        .containsExactly(
            "model_index.json",
            "scheduler/scheduler_config.json",
            "text_encoder/config.json",
            "text_encoder/model.safetensors",
            "tokenizer/merges.txt",
            "tokenizer/vocab.json",
            "unet/config.json",
            UNET,
            "vae/config.json",
            "vae/diffusion_pytorch_model.safetensors");
    assertThat(pulled.files()).isEqualTo(10);
    // Two files have the same content, which lies there once.
    assertThat(tree(model().resolve("blobs"))).hasSize(9);
  }

  @Test
  void whatWasPulledIsFoundByItsName() {
    Path folder = pull().folder();
    assertThat(ModelLocator.locate(NAME, env)).isEqualTo(folder);
    assertThat(HubSettings.of(env).cache().hasWhole(NAME)).isTrue();
  }

  @Test
  void aSecondPullFetchesNothingButTheListing() {
    Pulled first = pull();
    int before = server.requests().size();
    Pulled second = pull();
    assertThat(first.fetched()).isEqualTo(heard.total - indexSize());
    assertThat(second.fetched()).isZero();
    assertThat(server.requests()).hasSize(before + 1);
    assertThat(heard.there).isEqualTo(heard.total);
  }

  private long indexSize() {
    return server.content("model_index.json").length;
  }

  @Test
  void theVariantIsFetchedWhereThereIsOneAndItIsSaidWhereThereIsNone() throws IOException {
    Pulled pulled = pull(new PullRequest(NAME, "main", "fp16", 2));
    assertThat(tree(pulled.folder()))
        .contains("unet/diffusion_pytorch_model.fp16.safetensors")
        .contains("vae/diffusion_pytorch_model.safetensors")
        .doesNotContain(UNET);
    assertThat(heard.lines)
        .containsExactly("no variant 'fp16' of text_encoder, vae: the plain weights instead");
  }

  @Test
  void aRevisionGetsANameOfItsOwnAndACommitNone() throws IOException {
    pull(new PullRequest(NAME, "refs/pr/1", "", 1));
    assertThat(Files.readString(model().resolve("refs/refs/pr/1"))).isEqualTo(COMMIT);
    pull(new PullRequest(NAME, COMMIT, "", 1));
    assertThat(tree(model().resolve("refs"))).containsExactly("refs/pr/1");
  }

  @Test
  void aMirrorWithoutDetailsInItsListingIsAskedForThem() {
    server.withoutDetails();
    Pulled pulled = pull();
    assertThat(pulled.folder().resolve(UNET)).hasBinaryContent(server.content(UNET));
    assertThat(server.requests()).anyMatch(r -> r.method().equals("HEAD"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../../evil.json",
        "unet/../../evil.json",
        "/etc/evil.json",
        "unet\\..\\evil.json",
        "unet//evil.json",
        "./evil.json",
        "C:/evil.json",
        "unet/ev\nil.json"
      })
  void aFileNameThatLeadsElsewhereIsRefusedBeforeAnythingIsWritten(String name) {
    server.with(name, "{}");
    assertFailure(Kind.DAMAGED, "which would lead out of the model's folder");
    assertThat(cache).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"snapshots", "refs", "snapshots/" + COMMIT})
  void aLinkThatLeadsOutOfTheCacheIsNotWrittenThrough(String folder) throws IOException {
    Path elsewhere = Files.createDirectories(temp.resolve("elsewhere"));
    Files.createDirectories(model().resolve(folder).resolveSibling(""));
    Files.createSymbolicLink(model().resolve(folder), elsewhere);
    assertFailure(Kind.DAMAGED, "is a link that leads out of the model's folder in the cache");
    assertThat(tree(elsewhere)).isEmpty();
  }

  @Test
  void aPartialFileThatIsALinkIsNotWrittenThrough() throws IOException {
    Path precious = Files.writeString(temp.resolve("precious"), "mine");
    Files.createDirectories(model().resolve("blobs"));
    Files.createSymbolicLink(incomplete(UNET), precious);
    assertFailure(Kind.DAMAGED, "is a link that leads out");
    assertThat(precious).hasContent("mine");
  }

  @Test
  void aModelsFolderMayLieOnAnotherDiskThroughALink() throws IOException {
    Path disk = Files.createDirectories(temp.resolve("disk"));
    Files.createDirectories(cache);
    Files.createSymbolicLink(model(), disk);
    pull();
    assertThat(HubSettings.of(env).cache().hasWhole(NAME)).isTrue();
    assertThat(disk.resolve("refs/main")).hasContent(COMMIT);
  }

  @Test
  void itsBlobsMayLieOnAnotherDiskThroughALink() throws IOException {
    Path disk = Files.createDirectories(temp.resolve("disk"));
    Files.createDirectories(model());
    Files.createSymbolicLink(model().resolve("blobs"), disk);
    Path folder = pull().folder();
    assertThat(disk.resolve(server.etag(UNET))).hasBinaryContent(server.content(UNET));
    assertThat(Files.readSymbolicLink(folder.resolve(UNET)))
        .hasToString("../../../blobs/" + server.etag(UNET));
    HubCache cached = HubSettings.of(env).cache();
    assertThat(cached.hasWhole(NAME)).isTrue();
    assertThat(cached.snapshot(NAME).resolve(UNET)).hasBinaryContent(server.content(UNET));
    assertThat(pull().fetched()).isZero();
  }

  @Test
  void aBlobOfAWrongSizeIsFetchedAgainAndABrokenLinkIsMended() throws IOException {
    Path folder = pull().folder();
    Files.writeString(blob(UNET), "cut");
    Files.delete(folder.resolve("unet/config.json"));
    Files.createSymbolicLink(folder.resolve("unet/config.json"), Path.of("../gone"));
    assertThat(HubSettings.of(env).cache().hasWhole(NAME)).isFalse();
    pull();
    assertThat(folder.resolve(UNET)).hasBinaryContent(server.content(UNET));
    assertThat(folder.resolve("unet/config.json")).hasContent("{\"a\": 1}");
  }

  @Test
  void aModelOfAnotherKindIsRefusedBeforeItsWeightsAreFetched() {
    server.with("model_index.json", "{\"_class_name\": \"StableDiffusionXLPipeline\"}");
    assertFailure(Kind.DAMAGED, "some/model is a StableDiffusionXLPipeline");
    assertThat(server.requestsFor(".safetensors")).isEmpty();
  }
}

package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.realera.hub.HubServer.COMMIT;
import static org.realera.hub.HubServer.cutAfter;
import static org.realera.hub.HubServer.ignoringTheRange;
import static org.realera.hub.HubServer.none;
import static org.realera.hub.HubServer.otherBytes;
import static org.realera.hub.HubServer.redirect;
import static org.realera.hub.HubServer.status;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.ModelLocator;

/** Pulls from a hub on this machine, on good days and bad. */
class HubPullTest {
  private static final String NAME = "some/model";
  private static final String UNET = "unet/diffusion_pytorch_model.safetensors";

  @TempDir private Path temp;
  private HubServer server;
  private Path cache;
  private final List<Duration> slept = new ArrayList<>();
  private final Map<String, String> env = new HashMap<>();
  private final Recorder heard = new Recorder();

  /** Notes what it hears. */
  private static final class Recorder implements PullListener {
    private final List<String> lines = new ArrayList<>();
    private long there = -1;
    private long total;
    private long bytes;

    @Override
    public void started(int files, long all, long before) {
      total = all;
      there = before;
      bytes = before;
    }

    @Override
    public void advanced(long now) {
      bytes = now;
    }

    @Override
    public void waiting(String what, String why, Duration wait) {
      lines.add(what + ": " + why);
    }

    @Override
    public void note(String line) {
      lines.add(line);
    }
  }

  @BeforeEach
  void serveAModel() throws IOException {
    cache = temp.resolve("hub");
    server = new HubServer(NAME);
    fill(server);
    env.putAll(
        Map.of(
            "HF_ENDPOINT", server.endpoint().toString(),
            "HF_HUB_CACHE", cache.toString(),
            "HOME", temp.toString()));
  }

  private static void fill(HubServer hub) {
    hub.with(
            "model_index.json",
            """
            {"_class_name": "StableDiffusionPipeline", "unet": ["diffusers", "UNet2DConditionModel"],
             "vae": ["diffusers", "AutoencoderKL"], "text_encoder": ["transformers", "CLIPTextModel"],
             "tokenizer": ["transformers", "CLIPTokenizer"], "scheduler": ["diffusers", "DDIMScheduler"],
             "safety_checker": [null, null]}
            """)
        .with(UNET, bytes(300_000, 1))
        .with("unet/config.json", "{\"a\": 1}")
        .with("unet/diffusion_pytorch_model.bin", bytes(50, 2))
        .with("unet/diffusion_pytorch_model.fp16.safetensors", bytes(150_000, 3))
        .with("vae/diffusion_pytorch_model.safetensors", bytes(1000, 4))
        .with("vae/config.json", "{\"b\": 1}")
        .with("text_encoder/model.safetensors", bytes(1000, 5))
        .with("text_encoder/config.json", "{\"b\": 1}") // the same content as the vae's
        .with("tokenizer/vocab.json", "{}")
        .with("tokenizer/merges.txt", "#version: 0.2\n")
        .with("scheduler/scheduler_config.json", "{\"c\": 1}")
        .with("v1.ckpt", bytes(10, 6))
        .with("README.md", "# A model");
  }

  private static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Pulled pull() {
    return pull(PullRequest.of(NAME));
  }

  private Pulled pull(PullRequest request) {
    return pull(request, tick -> () -> {});
  }

  private Pulled pull(PullRequest request, Timing.Ticker ticker) {
    Timing timing = new Timing(slept::add, () -> Instant.parse("2026-01-01T00:00:00Z"), ticker);
    return HubPull.run(HubSettings.of(env), request, heard, timing);
  }

  private Path model() {
    return cache.resolve("models--some--model");
  }

  private Path blob(String path) {
    return model().resolve("blobs").resolve(server.etag(path));
  }

  private Path incomplete(String path) {
    return model().resolve("blobs").resolve(server.etag(path) + ".incomplete");
  }

  private List<String> tree(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(p -> !Files.isDirectory(p))
          .map(p -> folder.relativize(p).toString())
          .sorted()
          .toList();
    }
  }

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
  void aCutConnectionIsTakenUpWhereItBroke() throws IOException {
    server.fail(UNET, cutAfter(100_000), none());
    assertThat(pull().folder().resolve(UNET)).hasBinaryContent(server.content(UNET));
    List<String> ranges =
        server.requestsFor(UNET).stream()
            .filter(r -> r.host().equals("network"))
            .map(HubServer.Request::range)
            .toList();
    assertThat(ranges).hasSize(2).first().isEqualTo("");
    assertThat(ranges.get(1)).matches("bytes=[1-9]\\d*-");
    assertThat(slept).containsExactly(Duration.ofSeconds(1));
    assertThat(heard.bytes).isEqualTo(heard.total);
  }

  @Test
  void whatAnEarlierPullLeftIsNotFetchedAgain() throws IOException {
    leaveIncomplete(Arrays.copyOf(server.content(UNET), 200_000));
    Pulled pulled = pull();
    assertThat(server.requestsFor(UNET))
        .extracting(HubServer.Request::range)
        .containsOnly("bytes=200000-");
    assertThat(heard.there).isGreaterThanOrEqualTo(200_000);
    assertThat(pulled.folder().resolve(UNET)).hasBinaryContent(server.content(UNET));
    assertThat(incomplete(UNET)).doesNotExist();
  }

  private void leaveIncomplete(byte[] content) throws IOException {
    Files.createDirectories(model().resolve("blobs"));
    Files.write(incomplete(UNET), content);
  }

  @Test
  void aLeftoverOfSomethingElseIsThrownAwayOnce() throws IOException {
    leaveIncomplete(bytes(200_000, 99));
    assertThat(pull().folder().resolve(UNET)).hasBinaryContent(server.content(UNET));
    assertThat(heard.bytes).isEqualTo(heard.total);
  }

  @Test
  void aLeftoverThatIsLongerThanTheFileIsThrownAway() throws IOException {
    leaveIncomplete(bytes(400_000, 99));
    assertThat(pull().folder().resolve(UNET)).hasBinaryContent(server.content(UNET));
    assertThat(heard.bytes).isEqualTo(heard.total);
  }

  @Test
  void aLeftoverThatIsWholeNeedsNoRequest() throws IOException {
    leaveIncomplete(server.content(UNET));
    pull();
    assertThat(server.requestsFor(UNET)).isEmpty();
    assertThat(blob(UNET)).hasBinaryContent(server.content(UNET));
  }

  @Test
  void aServerThatKnowsNoRangesSendsItAllAgain() throws IOException {
    leaveIncomplete(Arrays.copyOf(server.content(UNET), 200_000));
    server.fail(UNET, ignoringTheRange());
    assertThat(pull().folder().resolve(UNET)).hasBinaryContent(server.content(UNET));
    assertThat(heard.bytes).isEqualTo(heard.total);
  }

  @Test
  void anotherRangeThanTheOneAskedForIsNotTaken() throws IOException {
    leaveIncomplete(Arrays.copyOf(server.content(UNET), 200_000));
    server.fail(
        UNET,
        (exchange, content) -> {
          exchange.getResponseHeaders().set("Content-Range", "bytes 7-299999/300000");
          exchange.sendResponseHeaders(206, 299_993);
          exchange.getResponseBody().write(content, 7, 299_993);
          return true;
        });
    assertThat(pull().folder().resolve(UNET)).hasBinaryContent(server.content(UNET));
    assertThat(heard.lines).singleElement().asString().contains("asked for what follows byte");
  }

  @Test
  void aWrongHashIsAnErrorAndLeavesNothing() {
    server.fail(UNET, otherBytes());
    assertFailure(Kind.DAMAGED, UNET + " of some/model: expected the hash " + server.etag(UNET));
    assertThat(blob(UNET)).doesNotExist();
    assertThat(incomplete(UNET)).doesNotExist();
    assertThat(model().resolve("snapshots").resolve(COMMIT)).doesNotExist();
    assertThat(model().resolve("refs/main")).doesNotExist();
  }

  @Test
  void aSmallFileWithAWrongHashIsAnErrorAsWell() {
    server.fail("unet/config.json", otherBytes());
    assertFailure(Kind.DAMAGED, "unet/config.json of some/model: expected the hash");
  }

  @Test
  void moreBytesThanThereShouldBeAreAnError() {
    server.fail(
        UNET,
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, 0); // chunked
          exchange.getResponseBody().write(content);
          exchange.getResponseBody().write(1);
          return true;
        });
    assertFailure(Kind.DAMAGED, "expected 300000 bytes, the hub sends more");
  }

  @Test
  void aBusyHubIsAskedAgainLaterAndLater() {
    server.fail("api", status(503), status(500), status(502), status(504));
    pull();
    assertThat(slept)
        .containsExactly(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8));
    assertThat(heard.lines).first().asString().contains("the hub is busy (503)");
  }

  @Test
  void aHubThatStaysBusyIsGivenUp() {
    server.fail("api", Stream.generate(() -> status(503)).limit(9).toArray(HubServer.Fault[]::new));
    assertFailure(Kind.FAILED, "given up after 6 attempts: the hub is busy (503)");
    assertThat(server.requests()).hasSize(6);
  }

  @Test
  void tooManyRequestsAreFollowedByTheWaitThatTheHubAsksFor() {
    server.fail(
        "unet/config.json",
        status(429, "Retry-After", "37"),
        status(429, "Retry-After", "Thu, 01 Jan 2026 00:01:30 GMT"),
        status(429, "RateLimit", "\"resolvers\";r=0;t=55"));
    pull(new PullRequest(NAME, "main", "", 1));
    assertThat(slept)
        .containsExactly(Duration.ofSeconds(37), Duration.ofSeconds(90), Duration.ofSeconds(55));
  }

  @Test
  void aWaitOfHoursIsNotWaitedFor() {
    server.fail("api", status(429, "Retry-After", "7200"));
    assertFailure(Kind.FAILED, "the hub asks to wait 120 minutes");
    assertThat(slept).isEmpty();
  }

  @Test
  void aConnectionThatBringsNothingIsGivenUpAndTakenUpAgain() throws Exception {
    CountDownLatch stalled = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    server.fail(
        UNET,
        (exchange, content) -> {
          exchange.sendResponseHeaders(200, content.length);
          OutputStream out = exchange.getResponseBody();
          out.write(content, 0, 1000);
          out.flush();
          stalled.countDown();
          await(released);
          exchange.close();
          return true;
        });
    // As many ticks as it takes, but only once the server has fallen silent.
    Timing.Ticker ticker =
        tick -> {
          Thread ticking =
              new Thread(
                  () -> {
                    await(stalled);
                    for (int i = 0; i < 2 * BlobDownload.STALL_TICKS; i++) {
                      tick.run();
                    }
                  });
          ticking.setDaemon(true);
          ticking.start();
          return () -> {};
        };
    try {
      byte[] all = server.content(UNET);
      assertThat(pull(PullRequest.of(NAME), ticker).folder().resolve(UNET)).hasBinaryContent(all);
    } finally {
      released.countDown();
    }
    assertThat(heard.lines).anyMatch(line -> line.contains("nothing came for 30 seconds"));
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void theTokenGoesToTheHubAndNotToWhereItRedirects() {
    env.put("HF_TOKEN", "hf_secret");
    pull();
    assertThat(server.requests())
        .filteredOn(r -> r.host().equals("hub"))
        .isNotEmpty()
        .allMatch(r -> r.token().equals("Bearer hf_secret"));
    assertThat(server.requests())
        .filteredOn(r -> r.host().equals("network"))
        .isNotEmpty()
        .allMatch(r -> r.token().isEmpty());
  }

  @Test
  void theTokenIsInNoMessage() {
    env.put("HF_TOKEN", "hf_secret");
    assertThat(HubSettings.of(env).toString()).doesNotContain("secret");
    server.fail("api", status(401));
    RealeraException error = assertFailure(Kind.NOT_FOUND, "does not accept the token");
    assertThat(error.getMessage() + error.remedy()).doesNotContain("secret");
  }

  @Test
  void aGatedModelIsExplained() {
    server.fail("api", status(401, "X-Error-Code", "GatedRepo"));
    assertThat(assertFailure(Kind.NOT_FOUND, "some/model is gated").remedy())
        .contains(server.endpoint() + "/some/model")
        .contains("settings/tokens")
        .contains("HF_TOKEN");
    env.put("HF_TOKEN", "hf_secret");
    server.fail("api", status(403, "X-Error-Code", "GatedRepo"));
    assertFailure(Kind.NOT_FOUND, "was not granted access");
  }

  @Test
  void aModelThatIsGatedOnlyAtItsFilesIsExplainedToo() {
    server.fail("resolve " + UNET, status(403));
    assertFailure(Kind.NOT_FOUND, "some/model is gated");
  }

  @Test
  void whatTheContentNetworkRefusesIsNotCalledGated() {
    server.fail(UNET, status(403));
    assertFailure(Kind.FAILED, "/stored/" + UNET + " answered with status 403");
  }

  @Test
  void aModelOrARevisionThatIsNotThereIsNotFound() {
    server.fail("api", status(401, "X-Error-Code", "RepoNotFound"));
    assertFailure(Kind.NOT_FOUND, "there is no model some/model at " + server.endpoint());
    server.fail("api", status(404, "X-Error-Code", "RevisionNotFound"));
    assertFailure(Kind.NOT_FOUND, "some/model has no revision 'main'");
    assertThat(cache).doesNotExist();
  }

  @Test
  void aCircleOfRedirectsIsAnError() {
    server.fail("resolve " + UNET, redirect("/some/model/resolve/" + COMMIT + "/" + UNET));
    assertFailure(Kind.FAILED, "redirected in a circle");
  }

  @Test
  void anEndlessChainOfRedirectsIsAnError() {
    String path = "/some/model/resolve/" + COMMIT + "/" + UNET;
    server.fail(
        "resolve " + UNET,
        Stream.iterate(0, i -> i + 1)
            .limit(30)
            .map(i -> redirect(path + "?hop=" + i))
            .toArray(HubServer.Fault[]::new));
    assertFailure(Kind.FAILED, "more than 10 times");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/x", "http:///x", "//[bad"})
  void aRedirectToSomethingElseThanTheWebIsRefused(String location) {
    server.fail("resolve " + UNET, redirect(location));
    assertFailure(Kind.FAILED, "redirected to");
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
  @ValueSource(strings = {"blobs", "snapshots", "refs", "snapshots/" + COMMIT})
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
  void aPullThatFailsKeepsWhatHasArrivedAndNamesNoSnapshot() {
    server.fail(UNET, Stream.generate(() -> status(503)).limit(9).toArray(HubServer.Fault[]::new));
    assertFailure(Kind.FAILED, "given up");
    assertThat(HubSettings.of(env).cache().hasWhole(NAME)).isFalse();
    assertThat(model().resolve("snapshots").resolve(COMMIT)).doesNotExist();
    assertThat(blob("model_index.json")).exists();
  }

  @Test
  void aListenerThatThrowsEndsThePull() {
    PullListener stop =
        new PullListener() {
          @Override
          public void advanced(long bytes) {
            throw new IllegalStateException("stop");
          }
        };
    assertThatThrownBy(() -> HubPull.run(HubSettings.of(env), PullRequest.of(NAME), stop))
        .hasMessage("stop");
  }

  @Test
  void offlineNothingIsAsked() {
    env.put("HF_HUB_OFFLINE", "1");
    RealeraException error = assertFailure(Kind.NOT_FOUND, "HF_HUB_OFFLINE is set");
    assertThat(error).hasMessageContaining(model().toString());
    assertThat(error.remedy()).contains("HF_HUB_CACHE").contains("--model pocket");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aHubOutOfReachIsAnErrorAtOnceThatNamesWhereItLookedAndTheWaysOut() {
    server.close();
    RealeraException error = assertFailure(Kind.NOT_FOUND, "can't be reached");
    assertThat(error)
        .hasMessageContaining(server.endpoint().toString())
        .hasMessageContaining(model().toString());
    assertThat(error.remedy())
        .contains("realera model pull")
        .contains("HF_ENDPOINT")
        .contains("--model pocket");
    assertThat(slept).isEmpty();
  }

  @Test
  void aModelOfAnotherKindIsRefusedBeforeItsWeightsAreFetched() {
    server.with("model_index.json", "{\"_class_name\": \"StableDiffusionXLPipeline\"}");
    assertFailure(Kind.DAMAGED, "some/model is a StableDiffusionXLPipeline");
    assertThat(server.requestsFor(".safetensors")).isEmpty();
  }

  @Test
  void aLoginPageInsteadOfAHubIsSeenAsSuch() {
    server.fail(
        "api",
        (exchange, content) -> {
          byte[] page = "<html>Please log in</html>".getBytes();
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          return true;
        });
    assertFailure(Kind.DAMAGED, "does not answer as a hub does");
  }

  @Test
  void requestsGoThroughTheProxyWithItsPasswordUnlessTheHostIsExempt() {
    URI_OF_A_HOST_BEHIND_THE_PROXY.forEach(env::put);
    env.put("http_proxy", "http://me:word@127.0.0.1:" + server.endpoint().getPort());
    env.put("NO_PROXY", "127.0.0.1");
    pull();
    assertThat(server.requests())
        .filteredOn(r -> r.host().equals("hub"))
        .isNotEmpty()
        .allMatch(r -> r.proxy().equals("Basic bWU6d29yZA=="));
    assertThat(server.requests())
        .filteredOn(r -> r.host().equals("network"))
        .isNotEmpty()
        .allMatch(r -> r.proxy().isEmpty());
  }

  /** A name that only the proxy could resolve. */
  private static final Map<String, String> URI_OF_A_HOST_BEHIND_THE_PROXY =
      Map.of("HF_ENDPOINT", "http://hub.invalid");

  private RealeraException assertFailure(Kind kind, String message) {
    var thrown = new ArrayList<RealeraException>();
    assertThatThrownBy(this::pull)
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(message)
        .satisfies(e -> thrown.add((RealeraException) e));
    assertThat(thrown.get(0).kind()).isEqualTo(kind);
    assertThat(thrown.get(0).remedy()).isNotBlank();
    return thrown.get(0);
  }
}

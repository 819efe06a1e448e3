package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.hub.HubPull.Pulled;
import org.realera.hub.Retry.Ticker;
import org.realera.hub.Retry.Timing;

/** A hub on this machine with a model, a cache, and what was heard of a pull. */
abstract class HubFixture {
  static final String NAME = "some/model";
  static final String UNET = "unet/diffusion_pytorch_model.safetensors";

  @TempDir Path temp;
  HubServer server;
  Path cache;
  final List<Duration> slept = new ArrayList<>();
  final Map<String, String> env = new HashMap<>();
  final Recorder heard = new Recorder();

  /** Keeps what it is told. */
  static final class Recorder extends PullMeter {
    final List<String> lines = new ArrayList<>();
    long there = -1;
    long total;
    long bytes;
    private final CountDownLatch few = new CountDownLatch(1);
    private long most = -1;

    Recorder() {
      super(Progress.NONE, NAME, System::nanoTime);
    }

    @Override
    synchronized void started(int files, long all, long before) {
      total = all;
      there = before;
      bytes = before;
    }

    @Override
    synchronized void arrived(long more) {
      bytes += more;
      if (total - bytes <= most) {
        few.countDown();
      }
    }

    /** Opens once no more than so many bytes are to come. */
    synchronized CountDownLatch whenNoMoreThan(long left) {
      most = left;
      return few;
    }

    @Override
    synchronized void note(String line) {
      lines.add(line);
    }
  }

  @BeforeEach
  void serveAModel() throws IOException {
    cache = temp.resolve("hub");
    server = newServer();
    fill(server);
    env.putAll(
        Map.of(
            "HF_ENDPOINT", server.endpoint().toString(),
            "HF_HUB_CACHE", cache.toString(),
            "HOME", temp.toString()));
  }

  HubServer newServer() throws IOException {
    return new HubServer(NAME);
  }

  static void fill(HubServer hub) {
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

  static byte[] bytes(int count, long seed) {
    byte[] bytes = new byte[count];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  @AfterEach
  void stop() {
    server.close();
  }

  Pulled pull() {
    return pull(PullRequest.of(NAME));
  }

  Pulled pull(PullRequest request) {
    return pull(request, tick -> () -> {});
  }

  Pulled pull(PullRequest request, Ticker ticker) {
    HubSettings settings = HubSettings.of(env);
    CacheRepo repo = new CacheRepo(settings.cache(), request.name());
    return HubPull.run(settings, request, heard, timing(ticker, Timing.ANSWER), repo);
  }

  /** No wait takes any time. */
  Timing timing(Ticker ticker, Duration answer) {
    return new Timing(slept::add, () -> Instant.parse("2026-01-01T00:00:00Z"), ticker, answer);
  }

  Path model() {
    return cache.resolve("models--some--model");
  }

  Path blob(String path) {
    return model().resolve("blobs").resolve(server.etag(path));
  }

  Path incomplete(String path) {
    return model().resolve("blobs").resolve(server.etag(path) + ".incomplete");
  }

  List<String> tree(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(p -> !Files.isDirectory(p))
          .map(p -> folder.relativize(p).toString())
          .sorted()
          .toList();
    }
  }

  void leaveIncomplete(byte[] content) throws IOException {
    Files.createDirectories(model().resolve("blobs"));
    Files.write(incomplete(UNET), content);
  }

  RealeraException assertFailure(Kind kind, String message) {
    var thrown = new ArrayList<RealeraException>();
    assertThatThrownBy(this::pull)
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(message)
        .satisfies(e -> thrown.add((RealeraException) e));
    assertThat(thrown.get(0).kind()).isEqualTo(kind);
    assertThat(thrown.get(0).remedy()).isNotBlank();
    return thrown.get(0);
  }

  /** Pulls with a token; large files lie on another host than the hub's. */
  void assertThatTheTokenStaysAtTheHub() {
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
}

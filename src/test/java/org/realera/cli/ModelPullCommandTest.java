package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.TinyModel;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.hub.HubPull.Pulled;
import org.realera.hub.PullRequest;

class ModelPullCommandTest {
  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  /** A core that pulls at once whatever is asked for. */
  private static final class PullCore extends CommandRun.FakeCore {
    private final List<PullRequest> requests = new ArrayList<>();

    @Override
    public Pulled pull(PullRequest request, Map<String, String> env, Progress progress) {
      requests.add(request);
      progress.note("a/b: 3 files, 5 MB, 1 MB here");
      return new Pulled(request.name(), COMMIT, Path.of("/cache/x"), 3, 5_000_000, 4_000_000);
    }
  }

  @Test
  void theFolderGoesToStdoutAndTheProgressToStderr() {
    PullCore core = new PullCore();
    CommandRun run = CommandRun.with(core, "model", "pull", "a/b");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).isEqualToIgnoringNewLines("/cache/x");
    assertThat(run.err()).contains("realera: a/b: 3 files, 5 MB, 1 MB here");
    assertThat(core.requests).containsExactly(PullRequest.of("a/b"));
  }

  @Test
  void everyOptionArrives() {
    PullCore core = new PullCore();
    String line = "model pull a/b --variant fp16 --revision v1.0 --connections 7 --json";
    CommandRun run = CommandRun.with(core, line.split(" "));
    assertThat(core.requests).containsExactly(new PullRequest("a/b", "v1.0", "fp16", 7));
    assertThat(run.out()).contains("\"commit\" : \"" + COMMIT).contains("\"fetched\" : 4000000");
  }

  @Test
  void aShortNameStandsForItsFirstHome() {
    PullCore core = new PullCore();
    CommandRun.with(core, "model", "pull", "SD-v1-4");
    assertThat(core.requests).containsExactly(PullRequest.of("CompVis/stable-diffusion-v1-4"));
  }

  @Test
  void whatCanNotBeAskedForIsAUsageError() {
    for (String line :
        List.of(
            "model pull",
            "model",
            "model pull pocket",
            "model pull ../x",
            "model pull a/b/c",
            "model pull a/..",
            "model pull a--b/c",
            "model pull a/b --revision ../main",
            "model pull a/b --revision /main",
            "model pull a/b --variant ../x",
            "model pull a/b --connections 0")) {
      CommandRun run = CommandRun.with(new PullCore(), line.split(" "));
      assertThat(run.code()).as(line).isEqualTo(ExitCode.USAGE.code());
      assertThat(run.err()).startsWith("realera: error: ").hasLineCount(2);
    }
  }

  @Test
  void aHubNameThatIsNotHereIsFetchedOnFirstUse(@TempDir Path cache) {
    List<PullRequest> requests = new ArrayList<>();
    Console console = new Console(System.out, System.err, Map.of(), 0);
    LiveServices core =
        new LiveServices(console, new Interruption()) {
          @Override
          public Pulled pull(PullRequest request, Map<String, String> env, Progress progress) {
            requests.add(request);
            throw RealeraException.notFound("out of reach", "Try again.");
          }
        };
    Map<String, String> env = Map.of("HF_HUB_CACHE", cache.toString());
    CommandRun run = CommandRun.with(core, env, "erase", "-m", "a/b", "-c", "cat", "-a", "dog");
    assertThat(run.code()).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(run.err()).contains("out of reach");
    assertThat(requests).containsExactly(PullRequest.of("a/b"));
    // Only to show what would be done, nothing is fetched.
    CommandRun dry =
        CommandRun.with(core, env, "erase", "-m", "a/b", "-c", "cat", "-a", "dog", "--dry-run");
    assertThat(dry.code()).isEqualTo(ExitCode.NOT_FOUND.code());
    assertThat(dry.err()).contains("is not in the Hugging Face cache").contains("model pull");
    assertThat(requests).hasSize(1);
  }

  @Test
  void aHubNameThatIsHereWholeIsNotFetched(@TempDir Path cache) throws IOException {
    List<PullRequest> requests = new ArrayList<>();
    List<Path> erased = new ArrayList<>();
    Console console = new Console(System.out, System.err, Map.of(), 0);
    LiveServices core =
        new LiveServices(console, new Interruption()) {
          @Override
          public Pulled pull(PullRequest request, Map<String, String> env, Progress progress) {
            requests.add(request);
            throw RealeraException.notFound("out of reach", "Try again.");
          }

          @Override
          public EraseResult erase(EraseRequest request, Progress progress) {
            erased.add(request.model().path());
            throw RealeraException.notFound("not now", "Try again.");
          }
        };
    Path model = cache.resolve("models--a--b");
    Path snapshot = TinyModel.copyTo(model.resolve("snapshots").resolve(COMMIT));
    Files.createDirectories(model.resolve("refs"));
    Files.writeString(model.resolve("refs/main"), COMMIT);
    Map<String, String> env = Map.of("HF_HUB_CACHE", cache.toString());
    String[] line = {"erase", "-m", "a/b", "-c", "cat", "-a", "dog"};
    assertThat(CommandRun.with(core, env, line).err()).contains("not now");
    assertThat(erased).containsExactly(snapshot);
    assertThat(requests).isEmpty();
    // What lacks a file is fetched.
    Files.delete(snapshot.resolve("vae/config.json"));
    assertThat(CommandRun.with(core, env, line).err()).contains("out of reach");
    assertThat(requests).containsExactly(PullRequest.of("a/b"));
  }
}

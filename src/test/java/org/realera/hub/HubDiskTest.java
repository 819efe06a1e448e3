package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.chaos.FailingDisk;
import org.realera.files.FileTree;
import org.realera.hub.HubPull.Pulled;
import org.realera.hub.Retry.Timing;

/** Pulls to a disk that is full, or that fails. */
class HubDiskTest extends HubFixture {
  private Pulled pullInto(CacheRepo repo) {
    Timing timing = timing(tick -> () -> {}, Timing.ANSWER);
    return HubPull.run(HubSettings.of(env), PullRequest.of(NAME), heard, timing, repo);
  }

  @Test
  void whatDoesNotFitIsRefusedBeforeItIsAskedForAndWhatIsHereTakesNoRoom() throws IOException {
    pull();
    Files.delete(blob(UNET));
    leaveIncomplete(Arrays.copyOf(server.content(UNET), 200_000)); // of 300,000
    int before = server.requestsFor(UNET).size();
    AtomicLong room = new AtomicLong(99_999);
    CacheRepo repo = new CacheRepo(new HubCache(cache), NAME, folder -> room.get());
    RealeraException refused = catchThrowableOfType(RealeraException.class, () -> pullInto(repo));
    assertThat(refused)
        .hasMessage(
            "model some/model takes 100.0 kB more, and %s has room for 100.0 kB"
                .formatted(model()));
    assertThat(refused.kind()).isEqualTo(Kind.RESOURCES);
    assertThat(server.requestsFor(UNET)).hasSize(before);
    room.set(100_000);
    assertThat(pullInto(repo).fetched()).isEqualTo(100_000);
    assertThat(blob(UNET)).hasBinaryContent(server.content(UNET));
  }

  @Test
  void aFileGetsItsNameOnlyWhenItIsOnTheDisk() throws IOException {
    FailingDisk disk = new FailingDisk(cache);
    disk.fail(FailingDisk.Operation.FSYNC, 1, true);
    CacheRepo repo = new CacheRepo(new HubCache(disk.path(cache)), NAME);
    RealeraException failure = catchThrowableOfType(RealeraException.class, () -> pullInto(repo));
    assertThat(failure).hasMessageContaining("Input/output error");
    assertThat(failure.kind()).isEqualTo(Kind.FAILED);
    assertThat(tree(model().resolve("blobs")))
        .containsExactly(server.etag("model_index.json") + ".incomplete");
    assertThat(disk.heal()).isTrue();
    assertThat(pull().folder().resolve(UNET)).hasBinaryContent(server.content(UNET));
  }

  /** Whoever finds the index takes the model for whole. */
  @Test
  void aPullThatFailsAmongItsNamesLeavesNoIndexWithoutWeights() throws IOException {
    Path snapshot = pull().folder();
    List<String> whole = tree(snapshot);
    FailingDisk disk = new FailingDisk(cache);
    CacheRepo repo = new CacheRepo(new HubCache(disk.path(cache)), NAME);
    int failures = 0;
    boolean failed = true;
    for (int n = 1; failed; n++) { // each name is given after the old one is taken away
      FileTree.delete(snapshot);
      disk.fail(FailingDisk.Operation.UNLINK, n, true);
      RealeraException failure = catchThrowableOfType(RealeraException.class, () -> pullInto(repo));
      failed = disk.heal();
      assertThat(failure != null).isEqualTo(failed);
      failures += failed ? 1 : 0;
      if (Files.exists(snapshot.resolve("model_index.json"))) {
        assertThat(tree(snapshot)).isEqualTo(whole);
      }
    }
    assertThat(failures).isGreaterThanOrEqualTo(whole.size());
    assertThat(tree(snapshot)).isEqualTo(whole);
  }
}

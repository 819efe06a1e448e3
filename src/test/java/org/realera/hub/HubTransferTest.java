package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.realera.hub.HubFault.cutAfter;
import static org.realera.hub.HubFault.ignoringTheRange;
import static org.realera.hub.HubFault.none;
import static org.realera.hub.HubFault.otherBytes;
import static org.realera.hub.HubFault.status;
import static org.realera.hub.HubServer.COMMIT;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.realera.Progress;
import org.realera.RealeraException.Kind;
import org.realera.hub.HubPull.Pulled;

/** Connections that break and lie, and what an earlier pull left. */
class HubTransferTest extends HubFixture {
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
    server.fail("api", Stream.generate(() -> status(503)).limit(9).toArray(HubFault[]::new));
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
  void aPullThatFailsKeepsWhatHasArrivedAndNamesNoSnapshot() {
    server.fail(UNET, Stream.generate(() -> status(503)).limit(9).toArray(HubFault[]::new));
    assertFailure(Kind.FAILED, "given up");
    assertThat(HubSettings.of(env).cache().hasWhole(NAME)).isFalse();
    assertThat(model().resolve("snapshots").resolve(COMMIT)).doesNotExist();
    assertThat(blob("model_index.json")).exists();
  }

  @Test
  void whoeverStopsItEndsThePull() {
    Progress stop =
        new Progress() {
          @Override
          public void step(long done, String note) {
            throw new IllegalStateException("stop");
          }
        };
    assertThatThrownBy(() -> HubPull.run(HubSettings.of(env), PullRequest.of(NAME), stop))
        .hasMessage("stop");
  }
}

package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.hub.HubFault.redirect;
import static org.realera.hub.HubFault.status;
import static org.realera.hub.HubServer.COMMIT;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException.Kind;

/**
 * Answers in the shapes that the Hugging Face hub gives them: large files by an absolute redirect
 * (302) with X-Linked-Size, X-Linked-ETag, X-Xet-Hash and a link to xet's token, small ones by a
 * relative one (307) to a cached copy. What a client should make of them is read from
 * huggingface_hub's {@code file_download.py}.
 */
class HubAnswersTest extends HubFixture {
  private static final String CONFIG = "unet/config.json";

  /** Headers that come before the good answer. */
  private static HubFault with(String name, String value) {
    return (exchange, content) -> {
      exchange.getResponseHeaders().set(name, value);
      return false;
    };
  }

  @Test
  void theListingIsAskedForWithSizesAndHashes() {
    pull(new PullRequest(NAME, "refs/pr/1", "", 1));
    HubServer.Request first = server.requests().get(0);
    assertThat(first.path()).isEqualTo("/api/models/some/model/revision/refs/pr/1");
    assertThat(first.query()).isEqualTo("blobs=true");
    assertThat(server.requests()).noneMatch(r -> r.method().equals("HEAD"));
  }

  @Test
  void aLargeFileIsNamedAfterTheLinkedHashAndFetchedWhereItIsStored() {
    server.withoutDetails();
    pull();
    assertThat(blob(UNET)).hasBinaryContent(server.content(UNET));
    assertThat(server.requestsFor(UNET))
        .extracting(r -> r.host() + " " + r.method())
        .containsExactly("hub HEAD", "hub GET", "network GET");
  }

  @Test
  void aRelativeRedirectOfAHeadIsFollowed() {
    server.withoutDetails();
    pull();
    assertThat(server.requests())
        .filteredOn(r -> r.method().equals("HEAD") && r.path().endsWith(CONFIG))
        .extracting(HubServer.Request::path)
        .containsExactly(
            "/some/model/resolve/" + COMMIT + "/" + CONFIG,
            "/api/resolve-cache/models/some/model/" + COMMIT + "/" + CONFIG);
    assertThat(blob(CONFIG)).exists();
  }

  @Test
  void anAbsoluteRedirectOfAHeadIsNotFollowedEvenToTheHubItself() {
    server.withoutDetails();
    server.storedAtTheHub();
    pull();
    assertThat(server.requests())
        .filteredOn(r -> r.path().startsWith("/stored/"))
        .isNotEmpty()
        .allMatch(r -> r.method().equals("GET") && r.host().equals("hub"));
    assertThat(blob(UNET)).hasBinaryContent(server.content(UNET));
  }

  /** What comes compressed is neither as long as the hub says, nor can it be taken up halfway. */
  @Test
  void nothingIsAskedForInACompressedForm() {
    server.withoutDetails();
    pull();
    assertThat(server.requests()).extracting(HubServer.Request::method).contains("GET", "HEAD");
    assertThat(server.requests()).allMatch(r -> r.encoding().equals("identity"));
  }

  @Test
  void aWeakHashIsAHashAllTheSame() {
    server.withoutDetails();
    server.fail(CONFIG, with("ETag", "W/\"" + server.etag(CONFIG) + "\""));
    pull();
    assertThat(blob(CONFIG)).exists();
  }

  @Test
  void aHashThatIsNoneIsAnError() {
    server.withoutDetails();
    server.fail(CONFIG, with("ETag", "\"../../x\""));
    assertFailure(Kind.DAMAGED, "the hub says of unet/config.json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775808", "18446744073709551617", "4398046511105", "-1"})
  void aSizeThatCanBeNoneIsAnErrorThatNamesTheFile(String size) {
    server.fail("api", replacing("\"size\":300000", "\"size\":" + size));
    assertFailure(Kind.DAMAGED, "the hub says of " + UNET + " that it has " + size + " bytes");
    server.withoutDetails();
    String stored = server.endpoint() + "/stored/" + UNET;
    String hash = server.etag(UNET);
    server.fail(
        "resolve " + UNET,
        status(302, "Location", stored, "X-Linked-ETag", hash, "X-Linked-Size", size));
    assertFailure(Kind.DAMAGED, "the hub says of " + UNET + " that it has " + size + " bytes");
    assertThat(blob(UNET)).doesNotExist();
  }

  private HubFault replacing(String text, String by) {
    return (exchange, content) -> {
      String listing = new String(server.listing(), StandardCharsets.UTF_8);
      assertThat(listing).contains(text);
      HubFault.send(exchange, 200, listing.replace(text, by).getBytes(StandardCharsets.UTF_8));
      return true;
    };
  }

  @ParameterizedTest
  @ValueSource(strings = {CONFIG, UNET})
  void aFileThatIsListedAndNotThereIsNotCalledAMissingModel(String path) {
    server.fail(path, status(404));
    assertFailure(Kind.NOT_FOUND, path + " is not there, though the hub lists it");
  }

  @Test
  void aModelThatWasRenamedIsFollowedAndKeptUnderTheNameAskedFor() {
    server.fail("api", redirect("/api/models/some/model/revision/main?blobs=true&renamed"));
    server.fail(
        "resolve " + CONFIG, redirect("/some/model/resolve/" + COMMIT + "/" + CONFIG + "?renamed"));
    assertThat(pull().folder()).startsWith(model());
    assertThat(blob(CONFIG)).exists();
  }
}

package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.hub.HubFault.redirect;
import static org.realera.hub.HubFault.status;
import static org.realera.hub.HubServer.COMMIT;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** Tokens, redirects, proxies, and hubs that refuse or are not there. */
class HubAccessTest extends HubFixture {
  @Test
  void theTokenGoesToTheHubAndNotToWhereItRedirects() {
    assertThatTheTokenStaysAtTheHub();
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
    server.fail("resolve " + UNET, status(403, "X-Error-Code", "GatedRepo"));
    assertFailure(Kind.NOT_FOUND, "some/model is gated: its owner");
  }

  @Test
  void aRefusalThatIsNotInTheHubsWordsMayBeAProxys() {
    server.fail("resolve " + UNET, status(403, "X-Error-Message", "token lacks permission"));
    RealeraException error =
        assertFailure(Kind.NOT_FOUND, "some/model is gated, or a proxy refuses it");
    assertThat(error).hasMessageContaining("(403: token lacks permission)");
    assertThat(error.remedy()).contains("HF_TOKEN").contains("to allow 127.0.0.1");
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
            .toArray(HubFault[]::new));
    assertFailure(Kind.FAILED, "more than 10 times");
  }

  @ParameterizedTest
  @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/x", "http:///x", "//[bad"})
  void aRedirectToSomethingElseThanTheWebIsRefused(String location) {
    server.fail("resolve " + UNET, redirect(location));
    assertFailure(Kind.FAILED, "redirected to");
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
  void theVariableThatForbidsTheNetworkIsTheOneThatIsNamed() {
    env.put("TRANSFORMERS_OFFLINE", "1");
    RealeraException error = assertFailure(Kind.NOT_FOUND, ": TRANSFORMERS_OFFLINE is set");
    assertThat(error.remedy()).startsWith("Unset TRANSFORMERS_OFFLINE.");
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
    env.put("HF_ENDPOINT", "http://hub.invalid"); // a name that only the proxy could resolve
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
}

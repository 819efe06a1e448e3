package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.hub.HubFault.status;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** A hub by https behind a proxy that opens tunnels, and proxies that do not. */
class HubTunnelTest extends HubFixture {
  @Override
  HubServer newServer() throws IOException {
    env.put(
        "SSL_CERT_FILE",
        Files.writeString(temp.resolve("ca.pem"), HubCertificates.authority()).toString());
    return HubServer.secure(NAME, HubCertificates.good());
  }

  /** Gives the hub a name that only the proxy finds. */
  private void hideTheHub() {
    env.put("HF_ENDPOINT", "https://" + HubCertificates.HIDDEN + ":" + server.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"})
  void httpsGoesThroughATunnel(String variable) throws IOException {
    try (TunnelProxy proxy = new TunnelProxy("")) {
      hideTheHub();
      env.put(variable, "http://" + proxy.address());
      assertThat(pull().folder().resolve(UNET)).hasBinaryContent(server.content(UNET));
      assertThat(proxy.requests())
          .anyMatch(r -> r.startsWith("CONNECT hub.invalid:" + server.port() + " "))
          .anyMatch(r -> r.startsWith("CONNECT localhost:"))
          .noneMatch(r -> r.contains("Proxy-Authorization"));
    }
  }

  @Test
  void theProxysPasswordGoesToTheProxyAloneAndTheTokenNeverThere() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy("me:pass word@")) {
      hideTheHub();
      env.put("HF_TOKEN", "hf_secret");
      env.put("HTTPS_PROXY", "http://me:pass%20word%40@" + proxy.address());
      assertThat(pull().folder().resolve(UNET)).hasBinaryContent(server.content(UNET));
      String known = Base64.getEncoder().encodeToString("me:pass word@".getBytes());
      assertThat(proxy.requests())
          .isNotEmpty()
          .allMatch(r -> r.contains("Proxy-Authorization: Basic " + known))
          .noneMatch(r -> r.contains("secret"));
      assertThat(server.requests()).isNotEmpty().allMatch(r -> r.proxy().isEmpty());
    }
  }

  @Test
  void aProxyThatWantsAPasswordIsNamedAndWhereToGiveOne() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy("me:word")) {
      env.put("HTTPS_PROXY", "http://" + proxy.address());
      RealeraException error = assertFailure(Kind.FAILED, "wants a user and a password");
      assertThat(error).hasMessageContaining(proxy.address() + " of HTTPS_PROXY");
      assertThat(error.remedy()).contains("HTTPS_PROXY: http://USER:PASSWORD@HOST:PORT");
    }
  }

  @Test
  void aWrongPasswordIsSaidToBeSoAndNotPrinted() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy("me:word")) {
      env.put("https_proxy", "http://me:mistake@" + proxy.address());
      RealeraException error = assertFailure(Kind.FAILED, "does not accept the user and password");
      assertThat(error.getMessage() + error.remedy())
          .contains("https_proxy")
          .doesNotContain("mistake");
      assertThat(slept).isEmpty();
    }
  }

  @Test
  void aLoginThatIsNotKnownHereIsNamed() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy("me:word").offering("NTLM", "Negotiate realm=\"x\"")) {
      env.put("HTTPS_PROXY", "http://me:other@" + proxy.address());
      RealeraException error = assertFailure(Kind.FAILED, "wants a login by NTLM or Negotiate");
      assertThat(error.remedy()).contains("HTTPS_PROXY").contains("copy the cache");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Negotiate, Basic realm=\"x\"",
        "Digest realm=\"a, b\", nonce = \"c\",basic",
        "BASIC realm=\"x\""
      })
  void basicIsFoundAmongTheLoginsOfOneHeader(String logins) throws IOException {
    try (TunnelProxy proxy = new TunnelProxy("me:word").offering(logins)) {
      env.put("HTTPS_PROXY", "http://me:other@" + proxy.address());
      assertFailure(Kind.FAILED, "does not accept the user and password given");
    }
  }

  @Test
  void loginsOfOneHeaderThatAreNotKnownHereAreNamedWithoutTheirParameters() throws IOException {
    String logins = "Digest realm=\"basic\", qop=\"auth\", Negotiate";
    try (TunnelProxy proxy = new TunnelProxy("me:word").offering(logins)) {
      env.put("HTTPS_PROXY", "http://me:other@" + proxy.address());
      assertFailure(Kind.FAILED, "wants a login by Digest or Negotiate, and");
    }
  }

  @Test
  void aProxyThatRefusesTheHubIsNamedAtOnce() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy("").refuse(403)) {
      env.put("HTTPS_PROXY", "http://u:word@" + proxy.address());
      RealeraException error =
          assertFailure(Kind.FAILED, "the proxy " + proxy.address() + " of HTTPS_PROXY refuses");
      assertThat(error).hasMessageContaining("127.0.0.1:" + server.port() + " (403)");
      assertThat(error.remedy()).contains("NO_PROXY=127.0.0.1");
      assertThat(error.getMessage() + error.remedy()).doesNotContain("word");
      assertThat(slept).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {502, 503, 504})
  void aProxyThatDoesNotReachTheHubIsNamedAtOnce(int status) throws IOException {
    try (TunnelProxy proxy = new TunnelProxy("").refuse(status)) {
      env.put("HTTPS_PROXY", "http://" + proxy.address());
      RealeraException error =
          assertFailure(Kind.NOT_FOUND, "can't be reached through the proxy " + proxy.address());
      assertThat(error).hasMessageContaining("the proxy answers " + status);
      assertThat(error.remedy()).contains("Check HTTPS_PROXY").contains("--model pocket");
      assertThat(slept).isEmpty();
    }
  }

  @Test
  void inTheMidstOfAPullABusyProxyIsWaitedFor() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy("")) {
      env.put("HTTPS_PROXY", "http://" + proxy.address());
      env.put("NO_PROXY", "127.0.0.1"); // the hub itself, not the host of the large files
      proxy.refuse(502);
      pull(new PullRequest(NAME, "main", "", 1));
      assertThat(slept).containsExactly(Duration.ofSeconds(1));
      assertThat(heard.lines).singleElement().asString().contains("the proxy answers 502");
    }
  }

  @Test
  void aProxyThatIsDownIsNamedWithoutItsPassword() throws IOException {
    TunnelProxy proxy = new TunnelProxy("");
    proxy.close();
    env.put("HTTPS_PROXY", "http://me:word@" + proxy.address());
    RealeraException error =
        assertFailure(Kind.NOT_FOUND, "through the proxy " + proxy.address() + " of HTTPS_PROXY");
    assertThat(error.remedy()).contains("whether that proxy is up");
    assertThat(error.getMessage() + error.remedy()).doesNotContain("word");
  }

  @Test
  void hostsThatNoProxyNamesAreReachedDirectly() throws IOException {
    try (TunnelProxy proxy = new TunnelProxy("")) {
      env.put("HTTPS_PROXY", "http://" + proxy.address());
      env.put("NO_PROXY", "127.0.0.1,localhost");
      pull();
      assertThat(proxy.requests()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "socks5://127.0.0.1:9, names a SOCKS proxy",
    "socks5h://u:word@127.0.0.1:9, names a SOCKS proxy",
    "https://u:word@127.0.0.1:9, is itself spoken to by https",
    "http://u:word word@127.0.0.1:9, is no address of an HTTP proxy",
    "http://, is no address of an HTTP proxy",
  })
  void aProxyThatCanNotBeUsedIsRefusedWithoutItsPassword(String address, String message) {
    env.put("HTTPS_PROXY", address);
    RealeraException error = assertFailure(Kind.USAGE, message);
    assertThat(error).hasMessageStartingWith("HTTPS_PROXY");
    assertThat(error.getMessage() + error.remedy())
        .doesNotContain("word word")
        .doesNotContain("u:word");
  }

  @Test
  void aProxyThatNoRequestNeedsMayBeAnything() {
    env.put("HTTPS_PROXY", "socks5://127.0.0.1:9");
    env.put("HTTP_PROXY", "nonsense://");
    env.put("NO_PROXY", "127.0.0.1, localhost");
    assertThat(pull().fetched()).isPositive();
  }

  @Test
  void aProxyForPlainHttpThatRefusesIsNotTakenForTheHub() throws IOException {
    try (HubServer plain = new HubServer(NAME)) {
      env.put("HF_ENDPOINT", "http://" + HubCertificates.HIDDEN);
      env.put("HTTP_PROXY", "http://u:word@127.0.0.1:" + plain.port());
      plain.fail("api", status(403));
      assertFailure(Kind.FAILED, "of HTTP_PROXY refuses to connect to hub.invalid:80 (403)");
      plain.fail("api", status(407));
      assertFailure(Kind.FAILED, "of HTTP_PROXY does not accept the user and password");
      plain.fail("api", Stream.generate(() -> status(502)).limit(6).toArray(HubFault[]::new));
      assertFailure(Kind.FAILED, "the hub or the proxy 127.0.0.1:" + plain.port());
    }
  }
}

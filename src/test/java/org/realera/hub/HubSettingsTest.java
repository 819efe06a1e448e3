package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;

class HubSettingsTest {
  @TempDir private Path home;

  private HubSettings settings(String... variables) {
    Map<String, String> env = new HashMap<>(Map.of("HOME", home.toString()));
    for (int i = 0; i < variables.length; i += 2) {
      env.put(variables[i], variables[i + 1]);
    }
    return HubSettings.of(env);
  }

  @Test
  void withoutAnyVariableItIsThePublicHubAndTheUsersCache() {
    HubSettings settings = settings();
    assertThat(settings.endpoint()).hasToString("https://huggingface.co");
    assertThat(settings.cache().root()).isEqualTo(home.resolve(".cache/huggingface/hub"));
    assertThat(settings.token()).isEmpty();
    assertThat(settings.offline()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1, true", "ON, true", "yes, true", "True, true", "0, false", "'', false"})
  void offlineIsReadAsHuggingfaceHubReadsIt(String value, boolean offline) {
    assertThat(settings("HF_HUB_OFFLINE", value).offline().isPresent()).isEqualTo(offline);
  }

  @ParameterizedTest
  @CsvSource({
    "1, '', HF_HUB_OFFLINE",
    "1, 1, HF_HUB_OFFLINE",
    "'', 1, TRANSFORMERS_OFFLINE",
    "'', 0, ",
    "0, 1, "
  })
  void theVariableThatForbidsTheNetworkIsTheOneThatHuggingfaceHubHeeds(
      String hub, String transformers, @Nullable String which) {
    assertThat(settings("HF_HUB_OFFLINE", hub, "TRANSFORMERS_OFFLINE", transformers).offline())
        .isEqualTo(Optional.ofNullable(which));
  }

  @Test
  void theTokenIsTheVariablesElseTheOneThatLoginWrote() throws IOException {
    Path file = home.resolve(".cache/huggingface/token");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "from_login\n");
    assertThat(settings().token()).contains("from_login");
    assertThat(settings("HF_TOKEN", " from_variable ").token()).contains("from_variable");
    Path other = Files.writeString(home.resolve("other"), "from_file");
    assertThat(settings("HF_TOKEN_PATH", other.toString()).token()).contains("from_file");
  }

  @Test
  void aTokenOfAnotherEncodingIsNone() throws IOException {
    Path file = Files.write(home.resolve("token"), new byte[] {'h', 'f', (byte) 0xe9, '\n'});
    assertThatThrownBy(() -> settings("HF_TOKEN_PATH", file.toString()))
        .isInstanceOf(RealeraException.class)
        .hasMessage(file + " holds something that can't be a token");
  }

  @ParameterizedTest
  @ValueSource(strings = {"~/mine", "$HOME/mine", "${HOME}/mine", "$UP/../mine"})
  void theTokensFileMayBeginWithAVariable(String path) throws IOException {
    Files.writeString(home.resolve("mine"), "from_file");
    Files.createDirectories(home.resolve("sub"));
    assertThat(settings("HF_TOKEN_PATH", path, "UP", home.resolve("sub").toString()).token())
        .contains("from_file");
  }

  @Test
  void aTokenThatIsNoneIsRefusedWithoutQuotingIt() {
    assertThatThrownBy(() -> settings("HF_TOKEN", "sec\nret"))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("HF_TOKEN")
        .hasMessageNotContaining("sec");
  }

  @ParameterizedTest
  @ValueSource(strings = {"huggingface.co", "ftp://x", "https://", "http://a b", "https://u:p@x"})
  void anEndpointThatIsNoAddressIsAUsageError(String address) {
    assertThatThrownBy(() -> settings("HF_ENDPOINT", address))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("HF_ENDPOINT");
  }

  @ParameterizedTest
  @CsvSource({
    "http://me:hunter2@hub.example, http://***@hub.example",
    "http://hunter2@hub.example/hf, http://***@hub.example/hf",
    "https://me:hunter2/@x@hub.example, https://***@hub.example",
    "https://me:hunter2 x@hub.example, https://***@hub.example",
    "https://me:hun?ter2#@hub.example, https://***@hub.example",
    "me:hunter2@hub.example, '***@hub.example'",
    "https://hub.example?token=hunter2, https://hub.example?***"
  })
  void whatIsSecretInAnEndpointIsNotPrinted(String address, String shown) {
    assertThatThrownBy(() -> settings("HF_ENDPOINT", address))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("HF_ENDPOINT is '" + shown + "'")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void whatIsSecretInAnAddressThatAHubRedirectsToIsNotPrinted() {
    assertThat(HubHttp.shown(URI.create("https://me:hunter2@cdn.example:8443/a/b?sig=hunter2")))
        .isEqualTo("https://***@cdn.example:8443/a/b");
  }

  @Test
  void aSlashAtTheEndOfTheEndpointDoesNotMatter() {
    assertThat(settings("HF_ENDPOINT", "https://mirror.example/hf//").endpoint())
        .hasToString("https://mirror.example/hf");
  }

  @ParameterizedTest
  @CsvSource({
    "https://HUB.example:443/x, true",
    "https://hub.example/x, true",
    "https://hub.example:444/x, false",
    "http://hub.example:443/x, false",
    "https://a.hub.example/x, false",
  })
  void anAddressIsTheEndpointsBySchemeHostAndPort(String address, boolean itIs) {
    HubSettings settings = settings("HF_ENDPOINT", "https://Hub.Example");
    assertThat(settings.isEndpoint(URI.create(address))).isEqualTo(itIs);
    assertThat(new HubErrors(settings, PullRequest.of("some/model")).refused(forbidden(address)))
        .hasMessageContaining(itIs ? "gated, or a proxy refuses it" : "answered with status 403");
  }

  private static HubHttp.Reply forbidden(String address) {
    HttpHeaders none = HttpHeaders.of(Map.of(), (name, value) -> true);
    return new HubHttp.Reply(403, none, URI.create(address), InputStream.nullInputStream());
  }

  @ParameterizedTest
  @CsvSource({
    "https://hub.example/x, https",
    "http://hub.example/x, http",
    "https://intern.example/x, ''",
    "https://a.intern.example/x, ''",
    "https://notintern.example/x, https",
    "https://10.0.0.1:8080/x, ''",
    "https://10.0.0.1:8081/x, https"
  })
  void proxiesAreTakenByScheme(String address, String proxy) {
    Proxies rules =
        settings(
                "HTTPS_PROXY",
                "http://https:1",
                "http_proxy",
                "http:1",
                "NO_PROXY",
                ".intern.example, 10.0.0.1:8080")
            .proxies();
    Proxy chosen = rules.select(URI.create(address)).get(0);
    String host = chosen.address() instanceof InetSocketAddress inet ? inet.getHostString() : "";
    assertThat(host).isEqualTo(proxy);
  }

  @Test
  void aStarMeansNoProxyAtAll() {
    Proxies rules = settings("ALL_PROXY", "http://p:1", "no_proxy", "*").proxies();
    assertThat(rules.select(URI.create("https://x"))).containsExactly(Proxy.NO_PROXY);
  }

  @Test
  void whereBothCasesAreSetTheLowerCounts() {
    Proxies rules = settings("https_proxy", "http://a:1", "HTTPS_PROXY", "http://b:2").proxies();
    assertThat(rules.proxyFor(URI.create("https://x")).orElseThrow())
        .hasToString("a:1 of https_proxy");
  }

  @ParameterizedTest
  @CsvSource({
    "a.example.org, .example.org, true",
    "example.org, .example.org, true",
    "example.org, *.example.org, true",
    "a.example.org, example.org, true",
    "anexample.org, example.org, false",
    "A.EXAMPLE.org, a.Example.ORG, true",
    "example.org:8443, example.org:8443, true",
    "a.example.org:8443, .example.org:8443, true",
    "example.org:8443, example.org:443, false",
    "example.org, example.org:443, true",
    "10.1.2.3, 10.1.2.3, true",
    "10.1.2.3, 2.3, false",
    "10.1.2.3, 10.0.0.0/8, false",
    "[::1]:8443, [::1]:8443, true",
    "[fd00::5], fd00::/8, false",
    "10.1.1.1, .:1, false",
    "example.org, *, true"
  })
  void noProxyNamesHostsDomainsAndAddressesButNoBlocks(String host, String entry, boolean direct) {
    Proxies rules =
        settings("ALL_PROXY", "http://p:1", "NO_PROXY", "other.example " + entry + ",").proxies();
    assertThat(rules.proxyFor(URI.create("https://" + host + "/x")).isEmpty()).isEqualTo(direct);
  }

  @Test
  void theTokenIsNotInItsDescription() {
    assertThat(settings("HF_TOKEN", "hf_secret").toString()).doesNotContain("secret");
  }
}

package org.realera.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.hub.HubFault.redirect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import javax.net.ssl.X509TrustManager;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

/** A hub by https whose certificate a private authority has signed. */
class HubHttpsTest extends HubFixture {
  private Path bundle;

  @Override
  HubServer newServer() throws IOException {
    return HubServer.secure(NAME, HubCertificates.good());
  }

  @BeforeEach
  void trustTheAuthority() throws IOException {
    bundle = Files.writeString(temp.resolve("authority.pem"), HubCertificates.authority());
    env.put("REQUESTS_CA_BUNDLE", bundle.toString());
  }

  private void serveAnother(SSLContext certificate) throws IOException {
    server.close();
    server = HubServer.secure(NAME, certificate);
    fill(server);
    env.put("HF_ENDPOINT", server.endpoint().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"})
  void aHubIsTrustedIfItsAuthorityStandsInTheBundleThatAVariableNames(String variable) {
    env.remove("REQUESTS_CA_BUNDLE");
    env.put(variable, bundle.toString());
    assertThat(pull().folder().resolve(UNET)).hasBinaryContent(server.content(UNET));
  }

  @Test
  void theFirstVariableCountsAndAnEmptyOneDoesNot() {
    env.put("CURL_CA_BUNDLE", temp.resolve("none").toString());
    env.put("SSL_CERT_FILE", temp.resolve("none").toString());
    pull();
    env.put("REQUESTS_CA_BUNDLE", "");
    assertFailure(Kind.NOT_FOUND, "CURL_CA_BUNDLE");
  }

  @Test
  void aBundleMayHoldMuchElse() throws IOException {
    Files.writeString(
        bundle,
        "# Köln\n-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
            + HubCertificates.stranger()
            + "# Issuer: CN=Authority\r\n"
            + HubCertificates.authority().replace("\n", "\r\n"));
    assertThat(pull().fetched()).isPositive();
  }

  @Test
  void anAuthorityThatIsNotTrustedIsAnErrorThatSaysWhatToSet() {
    env.remove("REQUESTS_CA_BUNDLE");
    RealeraException error =
        assertFailure(Kind.FAILED, "is signed by an authority that is not trusted");
    assertThat(error)
        .hasMessageContaining("127.0.0.1:" + server.port())
        .hasMessageNotContaining("PKIX");
    assertThat(error.remedy())
        .contains("REQUESTS_CA_BUNDLE (or CURL_CA_BUNDLE, SSL_CERT_FILE)")
        .contains("PEM");
    assertThat(server.requests()).isEmpty();
    assertThat(slept).isEmpty();
    assertThat(cache).doesNotExist();
  }

  @Test
  void aBundleWithoutTheAuthorityIsNamed() throws IOException {
    Files.writeString(bundle, HubCertificates.stranger());
    RealeraException error = assertFailure(Kind.FAILED, "signed by none of the authorities in");
    assertThat(error).hasMessageContaining(bundle + " (REQUESTS_CA_BUNDLE)");
    assertThat(error.remedy()).contains("Add the authority's certificate");
  }

  @Test
  void aCertificateThatHasExpiredIsSaidToBeSo() throws IOException {
    serveAnother(HubCertificates.expired());
    assertThat(assertFailure(Kind.FAILED, "is not valid at this time").remedy()).contains("clock");
  }

  @Test
  void aCertificateForAnotherNameIsSaidToBeSo() throws IOException {
    serveAnother(HubCertificates.otherName());
    assertThat(assertFailure(Kind.FAILED, "is not for that name").remedy()).contains("HF_ENDPOINT");
  }

  @Test
  void aCertificateThatIsNotAcceptedForAnotherReasonIsGivenTheJdksReason() throws IOException {
    serveAnother(HubCertificates.notForServers());
    RealeraException error =
        assertFailure(Kind.FAILED, "is not accepted: Extended key usage does not permit");
    assertThat(error).hasMessageNotContaining("name");
    assertThat(error.remedy()).doesNotContain("HF_ENDPOINT");
  }

  @Test
  void aBundleTakesThePlaceOfTheJdksAuthorities() {
    assertThat(HubSettings.of(env).bundle().orElseThrow().trustManagers())
        .singleElement(InstanceOfAssertFactories.type(X509TrustManager.class))
        .satisfies(
            trusted ->
                assertThat(trusted.getAcceptedIssuers())
                    .extracting(issuer -> issuer.getSubjectX500Principal().getName())
                    .containsExactly("CN=Authority"));
  }

  @Test
  void aBundleThatIsNotThereIsAnError() {
    env.put("REQUESTS_CA_BUNDLE", temp.resolve("none.pem").toString());
    RealeraException error = assertFailure(Kind.NOT_FOUND, "none.pem is missing");
    assertThat(error).hasMessageContaining("REQUESTS_CA_BUNDLE");
    assertThat(error.remedy()).contains("REQUESTS_CA_BUNDLE");
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aBundleThatIsAFolderIsAnError() {
    env.put("REQUESTS_CA_BUNDLE", temp.toString());
    assertFailure(Kind.NOT_FOUND, "REQUESTS_CA_BUNDLE is the folder " + temp);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# no certificate", "-----BEGIN CERTIFICATE-----\nMII"})
  void aBundleWithoutACertificateIsAnError(String text) throws IOException {
    Files.writeString(bundle, text);
    assertFailure(Kind.DAMAGED, bundle + " (REQUESTS_CA_BUNDLE) holds no certificate in PEM");
  }

  @Test
  void aDamagedCertificateInABundleIsCounted() throws IOException {
    String damaged = HubCertificates.authority().replaceFirst("\n.{8}", "\nAAAAAAAA");
    Files.writeString(bundle, HubCertificates.authority() + damaged);
    assertFailure(Kind.DAMAGED, "certificate 2 in " + bundle);
  }

  @Test
  void theTokenGoesToTheHubAndNotToTheHostOfTheLargeFiles() {
    assertThatTheTokenStaysAtTheHub();
  }

  @ParameterizedTest
  @ValueSource(strings = {"resolve " + UNET, "api"})
  void aRedirectThatGivesUpEncryptionIsRefused(String at) throws IOException {
    env.put("HF_TOKEN", "hf_secret");
    try (HubServer plain = new HubServer(NAME)) {
      fill(plain);
      String to = plain.endpoint() + (at.equals("api") ? "/api/models/" + NAME : "/stored/" + UNET);
      server.fail(at, redirect(to));
      assertFailure(Kind.FAILED, "redirected to 127.0.0.1 without encryption");
      assertThat(plain.requests()).isEmpty();
    }
  }

  @Test
  void aHostOfLargeFilesThatIsNotTrustedIsNotAskedAgain() throws IOException {
    try (HubServer other = HubServer.secure(NAME, HubCertificates.otherName())) {
      server.fail("resolve " + UNET, redirect(other.endpoint() + "/stored/" + UNET));
      assertFailure(Kind.FAILED, "the certificate of 127.0.0.1:" + other.port());
      assertThat(heard.lines).noneMatch(line -> line.startsWith(UNET));
    }
  }
}

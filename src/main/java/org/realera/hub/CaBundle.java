package org.realera.hub;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.Environment;
import org.realera.files.IoErrors;

/**
 * A file of certificates whose holders are trusted, as companies hand it out whose proxies open
 * https. It takes the place of the JDK's own authorities, not a place beside them: so does
 * requests, hence huggingface_hub 0.x, by the first two variables, and httpx, hence huggingface_hub
 * from 1.0 on, by the third; and whoever narrows trust to one authority means it.
 *
 * @param variable that names the file
 * @param file certificates in PEM, one after the other; other text in it is passed over
 */
record CaBundle(String variable, Path file) {
  /**
   * The first that is set counts; requests reads the first two, Python's ssl and httpx only the
   * last.
   */
  private static final List<String> VARIABLES =
      List.of("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE");

  /** For messages. */
  static final String NAMES = "REQUESTS_CA_BUNDLE (or CURL_CA_BUNDLE, SSL_CERT_FILE)";

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

  /** The bundle that an environment names. */
  static Optional<CaBundle> of(Environment environment) {
    return VARIABLES.stream()
        .flatMap(v -> environment.folder(v).map(file -> new CaBundle(v, file)).stream())
        .findFirst();
  }

  /**
   * A context that trusts the bundle's authorities and no others.
   *
   * @throws RealeraException not found, damaged or failed, naming file and variable
   */
  SSLContext context() {
    TrustManager[] authorities = trustManagers();
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, authorities, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has TLS", e);
    }
  }

  /** What {@link #context} trusts. */
  TrustManager[] trustManagers() {
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate certificate : certificates()) {
        trusted.setCertificateEntry("authority-" + trusted.size(), certificate);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("certificates that were read must make authorities", e);
    }
  }

  private List<Certificate> certificates() throws CertificateException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Certificate> found = new ArrayList<>();
    Matcher pem = PEM.matcher(text());
    while (pem.find()) {
      byte[] block = pem.group().getBytes(StandardCharsets.ISO_8859_1);
      try {
        found.add(factory.generateCertificate(new ByteArrayInputStream(block)));
      } catch (CertificateException e) {
        throw new RealeraException(
            Kind.DAMAGED,
            "certificate %d in %s (%s) is damaged".formatted(found.size() + 1, file, variable),
            "Fetch the file again, or unset %s to trust the JDK's authorities.".formatted(variable),
            e);
      }
    }
    if (found.isEmpty()) {
      throw RealeraException.damaged(
          "%s (%s) holds no certificate in PEM".formatted(file, variable),
          "Give a file with -----BEGIN CERTIFICATE----- in it, or unset %s to trust the JDK's"
                  .formatted(variable)
              + " authorities. DER becomes PEM by: openssl x509 -inform der -in FILE -out PEM.");
    }
    return found;
  }

  private String text() {
    if (Files.isDirectory(file)) {
      throw RealeraException.notFound(
          "%s is the folder %s, and a file is wanted".formatted(variable, file),
          "Put its certificates (PEM) into one file, one after the other, and name that.");
    }
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      RealeraException error = IoErrors.reading(file, e);
      throw new RealeraException(
          error.kind(),
          "%s (%s)".formatted(error.getMessage(), variable),
          "Set %s to a PEM file that you may read, or unset it to trust the JDK's authorities."
              .formatted(variable),
          e);
    }
  }
}

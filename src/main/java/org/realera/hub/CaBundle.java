package org.realera.hub;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
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
 * https. It takes the place of the JDK's own authorities, as it does in huggingface_hub: a user who
 * narrows trust to one authority intends it.
 *
 * @param variable that names the file
 * @param file certificates in PEM, one after the other; other text in it is passed over
 */
record CaBundle(String variable, Path file) {
  private static final String NAMES = "REQUESTS_CA_BUNDLE (or CURL_CA_BUNDLE, SSL_CERT_FILE)";

  private static final Pattern PEM =
      Pattern.compile("-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----");

  /** The bundle that an environment names; the first variable that is set counts. */
  static Optional<CaBundle> of(Environment environment) {
    return List.of("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE").stream()
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
    List<String> blocks = PEM.matcher(text()).results().map(MatchResult::group).toList();
    if (blocks.isEmpty()) {
      throw RealeraException.damaged(
          "%s (%s) holds no certificate in PEM".formatted(file, variable),
          "Give a file with -----BEGIN CERTIFICATE----- in it, or unset %s to trust the JDK's"
                  .formatted(variable)
              + " authorities. DER becomes PEM by: openssl x509 -inform der -in FILE -out PEM.");
    }
    try {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (String block : blocks) {
        add(block, trusted);
      }
      TrustManagerFactory factory =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      factory.init(trusted);
      return factory.getTrustManagers();
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("certificates that were read must make authorities", e);
    }
  }

  private void add(String block, KeyStore trusted) throws GeneralSecurityException {
    int number = trusted.size() + 1;
    byte[] bytes = block.getBytes(StandardCharsets.ISO_8859_1);
    try {
      trusted.setCertificateEntry(
          "authority-" + number,
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(bytes)));
    } catch (CertificateException e) {
      throw new RealeraException(
          Kind.DAMAGED,
          "certificate %s in %s (%s) is damaged".formatted(number, file, variable),
          "Fetch the file again, or unset %s to trust the JDK's authorities.".formatted(variable),
          e);
    }
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

  /** The error for a host whose certificate is not accepted, by a bundle or without one. */
  static RealeraException notTrusted(Optional<CaBundle> bundle, URI uri, IOException e) {
    String what;
    String remedy;
    if (HubErrors.cause(e, CertificateExpiredException.class) != null
        || HubErrors.cause(e, CertificateNotYetValidException.class) != null) {
      what = "is not valid at this time";
      remedy = "Check the clock of this machine; if it is right, tell whoever runs the host.";
    } else if (HubErrors.cause(e, CertPathBuilderException.class) == null) {
      String reason = innermost(e);
      // The JDK has no class of its own for a certificate of another name.
      if (reason.startsWith("No subject alternative") || reason.startsWith("No name matching")) {
        what = "is not for that name";
        remedy = "Check HF_ENDPOINT: it must have the host's name as it stands in the certificate.";
      } else {
        what = "is not accepted: " + HubErrors.printable(reason);
        remedy =
            "Whoever runs that host, or the proxy that opens https to it, must give it another.";
      }
    } else if (bundle.isPresent()) {
      CaBundle used = bundle.get();
      what =
          "is signed by none of the authorities in %s (%s)".formatted(used.file(), used.variable());
      remedy =
          "Add the authority's certificate (PEM) to that file, or unset %s to trust the JDK's."
              .formatted(used.variable());
    } else {
      what = "is signed by an authority that is not trusted";
      remedy =
          "If your network's proxy opens https, or the hub is your own, set %s to a PEM file with"
                  .formatted(NAMES)
              + " the authority's certificate.";
    }
    String host = uri.getHost() + ":" + HubHttp.port(uri);
    return new RealeraException(
        Kind.FAILED, "the certificate of %s %s".formatted(host, what), remedy, e);
  }

  /** The message of the last cause that has one. */
  private static String innermost(Throwable e) {
    String message = "";
    for (Throwable t = e; t != null; t = t.getCause()) {
      message = t.getMessage() == null ? message : t.getMessage();
    }
    return message;
  }
}

package org.realera.hub;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.realera.files.FileTree;

/**
 * A private authority and certificates that it signed for hubs on this machine, made by the keytool
 * of the JDK that runs this; once, as each call of it takes half a second.
 */
final class HubCertificates {
  /** A name that no resolver knows, for hubs behind a proxy. */
  static final String HIDDEN = "hub.invalid";

  private static final String NAMES = "san=ip:127.0.0.1,dns:localhost,dns:" + HIDDEN;
  private static final char[] PASSWORD = "password".toCharArray();
  private static final HubCertificates MADE = make();

  private final KeyStore keys;
  private final Certificate good;
  private final Certificate expired;
  private final Certificate otherName;
  private final Certificate notForServers;

  private HubCertificates(
      KeyStore keys,
      Certificate good,
      Certificate expired,
      Certificate otherName,
      Certificate notForServers) {
    this.keys = keys;
    this.good = good;
    this.expired = expired;
    this.otherName = otherName;
    this.notForServers = notForServers;
  }

  /** The authority's certificate in PEM. */
  static String authority() {
    return pem(MADE.authorityCertificate());
  }

  /** Another certificate in PEM, that has signed nothing. */
  static String stranger() {
    return pem(MADE.otherName);
  }

  static SSLContext good() {
    return MADE.context(MADE.good);
  }

  static SSLContext expired() {
    return MADE.context(MADE.expired);
  }

  /** One that is for another host. */
  static SSLContext otherName() {
    return MADE.context(MADE.otherName);
  }

  /** One that is for the right host, and for clients only. */
  static SSLContext notForServers() {
    return MADE.context(MADE.notForServers);
  }

  private static HubCertificates make() {
    try {
      Path folder = Files.createTempDirectory("certificates");
      try {
        return make(folder);
      } finally {
        FileTree.delete(folder);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static HubCertificates make(Path folder) throws IOException, GeneralSecurityException {
    String[] key = {"-keyalg", "EC", "-groupname", "secp256r1"};
    keytool(folder, "-genkeypair -alias authority -dname CN=Authority -ext bc:c", key);
    keytool(folder, "-genkeypair -alias hub -dname CN=Hub", key);
    keytool(folder, "-certreq -alias hub -file request");
    Certificate good = signed(folder, NAMES, "2020/01/01", 36500);
    Certificate expired = signed(folder, NAMES, "2020/01/01", 365);
    Certificate otherName = signed(folder, "san=dns:elsewhere.invalid", "2020/01/01", 36500);
    Certificate notForServers =
        signed(folder, NAMES, "2020/01/01", 36500, "-ext", "eku=clientAuth");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("keys"))) {
      keys.load(in, PASSWORD);
    }
    return new HubCertificates(keys, good, expired, otherName, notForServers);
  }

  private static Certificate signed(
      Path folder, String names, String from, int days, String... more)
      throws IOException, GeneralSecurityException {
    List<String> options = new ArrayList<>(List.of(more));
    options.addAll(List.of("-ext", names, "-startdate", from));
    options.addAll(List.of("-validity", Integer.toString(days)));
    keytool(
        folder,
        "-gencert -alias authority -rfc -infile request -outfile signed",
        options.toArray(new String[0]));
    byte[] pem = Files.readAllBytes(folder.resolve("signed"));
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem));
  }

  private static void keytool(Path folder, String words, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.add("-J-XX:TieredStopAtLevel=1"); // it runs for half a second
    command.addAll(List.of(words.split(" ")));
    command.addAll(List.of(more));
    command.addAll(List.of("-keystore", "keys", "-storetype", "PKCS12", "-storepass", "password"));
    if (words.startsWith("-genkeypair")) {
      command.addAll(List.of("-startdate", "2020/01/01", "-validity", "36500"));
    }
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(command + ": " + output);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Certificate authorityCertificate() {
    try {
      return keys.getCertificate("authority");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private SSLContext context(Certificate certificate) {
    try {
      KeyStore own = KeyStore.getInstance("PKCS12");
      own.load(null, null);
      Certificate[] chain = {certificate, authorityCertificate()};
      own.setKeyEntry("hub", keys.getKey("hub", PASSWORD), PASSWORD, chain);
      KeyManagerFactory factory =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      factory.init(own, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(factory.getKeyManagers(), null, null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String pem(Certificate certificate) {
    try {
      return "-----BEGIN CERTIFICATE-----\n"
          + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
          + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

package org.realera.hub;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.realera.RealeraException;
import org.realera.files.Environment;
import org.realera.files.IoErrors;

/** Where models come from and go to, by the variables that huggingface_hub reads. */
public final class HubSettings {
  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");

  private final URI endpoint;
  private final Optional<String> token;
  private final HubCache cache;
  private final Optional<String> offline;
  private final Proxies proxies;
  private final Optional<CaBundle> bundle;

  private HubSettings(Map<String, String> env) {
    Environment environment = new Environment(env);
    this.endpoint = endpoint(environment);
    this.token = token(environment);
    this.cache = new HubCache(environment);
    // As huggingface_hub: a HF_HUB_OFFLINE of 0 wins over the other.
    this.offline =
        List.of("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE").stream()
            .filter(v -> !environment.value(v).isEmpty())
            .findFirst()
            .filter(v -> TRUE.contains(environment.value(v).toLowerCase(Locale.ROOT)));
    this.proxies = new Proxies(env);
    this.bundle = CaBundle.of(environment);
  }

  /**
   * Reads HF_ENDPOINT, HF_TOKEN (else the file that {@code hf auth login} writes), HF_HUB_CACHE,
   * HF_HOME, HF_HUB_OFFLINE (else TRANSFORMERS_OFFLINE), the variables of {@link Proxies} and those
   * of {@link CaBundle}.
   *
   * @throws RealeraException (usage) for an address or a token that can't be one
   */
  public static HubSettings of(Map<String, String> env) {
    return new HubSettings(env);
  }

  /** The hub, without a slash at its end; never with a user or a password. */
  URI endpoint() {
    return endpoint;
  }

  /** Whether an address is the endpoint's, by scheme, host and port. */
  boolean isEndpoint(URI uri) {
    return String.valueOf(uri.getScheme()).equals(endpoint.getScheme())
        && String.valueOf(uri.getHost()).equalsIgnoreCase(endpoint.getHost())
        && HubHttp.port(uri) == HubHttp.port(endpoint);
  }

  /** Goes into requests to the endpoint and nowhere else. */
  Optional<String> token() {
    return token;
  }

  /** Where models are kept. */
  public HubCache cache() {
    return cache;
  }

  /** The variable that forbids every request; empty if none does. */
  Optional<String> offline() {
    return offline;
  }

  /** How hosts are reached. */
  Proxies proxies() {
    return proxies;
  }

  /** Whose certificates are trusted; if absent, those of the JDK's authorities. */
  Optional<CaBundle> bundle() {
    return bundle;
  }

  private static URI endpoint(Environment environment) {
    String text = environment.value("HF_ENDPOINT");
    String address = (text.isEmpty() ? DEFAULT_ENDPOINT : text).replaceFirst("/+$", "");
    try {
      URI uri = new URI(address);
      boolean web = "https".equals(uri.getScheme()) || "http".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getRawQuery() == null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // The message below says all there is to say.
    }
    throw RealeraException.usage(
        "HF_ENDPOINT is '" + HubHttp.masked(address) + "', which is no address of a hub",
        "Give one such as " + DEFAULT_ENDPOINT + ", or unset it.");
  }

  private static Optional<String> token(Environment environment) {
    for (String variable : List.of("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN")) {
      String token = environment.value(variable).strip();
      if (!token.isEmpty()) {
        return Optional.of(checked(token, variable));
      }
    }
    Path file =
        environment
            .folder("HF_TOKEN_PATH")
            .orElseGet(() -> environment.huggingFaceHome().resolve("token"));
    try {
      // Of any encoding: what is no ASCII is refused below, by its source.
      String token =
          Files.isRegularFile(file)
              ? Files.readString(file, StandardCharsets.ISO_8859_1).strip()
              : "";
      return token.isEmpty() ? Optional.empty() : Optional.of(checked(token, file.toString()));
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /** Never quotes the token: messages end up in logs. */
  private static String checked(String token, String source) {
    if (!token.matches("[\\x21-\\x7e]+")) {
      throw RealeraException.usage(
          source + " holds something that can't be a token",
          "A token is one word of ASCII characters; copy it again.");
    }
    return token;
  }

  /** Without the token. */
  @Override
  public String toString() {
    return endpoint + " into " + cache.root() + (offline.isPresent() ? ", offline" : "");
  }
}

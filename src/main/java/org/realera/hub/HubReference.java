package org.realera.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.Environment;

/**
 * A model of a hub in one of the ways that people write it: {@code ORG/NAME}, {@code ORG/NAME/},
 * {@code ORG/NAME@REVISION}, or the address that a browser shows.
 *
 * @param name {@code ORG/NAME}
 * @param revision a branch, a tag or a commit
 */
record HubReference(String name, String revision) {
  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*/\\w[\\w.-]*");
  private static final Pattern AT_REVISION = Pattern.compile("(.+?)@([^@]+)");
  private static final Pattern ADDRESS = Pattern.compile("(?i)(https?|hf)://.*");
  private static final List<String> HOSTS =
      List.of("huggingface.co", "www.huggingface.co", "hf.co");

  /** {@code https://huggingface.co/ORG/NAME/tree/REVISION}, less the scheme and the host. */
  private static final Pattern PAGE =
      Pattern.compile("(\\w[\\w.-]*/\\w[\\w.-]*)(?:/tree/([^/]+)|/tree/(refs/[^/]+/[^/]+))?");

  private static final Pattern ONE_FILE =
      Pattern.compile("(\\w[\\w.-]*/\\w[\\w.-]*)/(?:blob|resolve|raw)/.*");

  private static final String REMEDY =
      "Give ORG/NAME, such as CompVis/stable-diffusion-v1-4, or a folder.";

  /**
   * Reads what a user wrote.
   *
   * @param environment says by HF_ENDPOINT which other host is a hub
   * @return empty for what is neither a name nor an address
   * @throws RealeraException (usage) for an address that is not of a model
   */
  static Optional<HubReference> of(String text, Environment environment) {
    String plain = withoutSlashes(text);
    String page = page(plain, environment);
    if (page != null) {
      return Optional.of(ofPage(plain, page));
    }
    Matcher at = AT_REVISION.matcher(plain);
    String name = at.matches() ? at.group(1) : plain;
    return isName(name)
        ? Optional.of(new HubReference(name, at.matches() ? at.group(2) : PullRequest.MAIN))
        : Optional.empty();
  }

  static boolean isName(String text) {
    return NAME.matcher(text).matches() && !text.contains("..");
  }

  /**
   * Reads what {@link #plain} wrote.
   *
   * @throws RealeraException (usage) for what can be no revision
   */
  static HubReference parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new HubReference(text, PullRequest.MAIN)
        : new HubReference(
            text.substring(0, at), PullRequest.requireRevision(text.substring(at + 1)));
  }

  /**
   * The plainest form: {@code ORG/NAME} for the main branch, else {@code ORG/NAME@REVISION}.
   *
   * @throws RealeraException (usage) for what can be no revision
   */
  String plain() {
    return isMain() ? name : name + "@" + PullRequest.requireRevision(revision);
  }

  boolean isMain() {
    return revision.equals(PullRequest.MAIN);
  }

  private static String withoutSlashes(String text) {
    int end = text.length();
    while (end > 1 && text.charAt(end - 1) == '/') {
      end--;
    }
    return text.substring(0, end);
  }

  /** What follows the host in the address of a hub; null if the text is none. */
  private static @Nullable String page(String text, Environment environment) {
    boolean address = ADDRESS.matcher(text).matches();
    String rest = address ? text.substring(text.indexOf("://") + 3) : text;
    rest = rest.replaceFirst("[?#].*", "");
    if (text.toLowerCase(Locale.ROOT).startsWith("hf://")) {
      return rest;
    }
    String endpoint = endpoint(environment);
    for (String host : HOSTS) {
      if (rest.toLowerCase(Locale.ROOT).startsWith(host + "/")) {
        return withoutSlashes(rest.substring(host.length() + 1));
      }
    }
    if (!endpoint.isEmpty() && rest.startsWith(endpoint + "/")) {
      return withoutSlashes(rest.substring(endpoint.length() + 1));
    }
    if (address) {
      throw RealeraException.usage(
          "%s is no address of a model on %s"
              .formatted(
                  HubErrors.printable(HubHttp.masked(text)),
                  endpoint.isEmpty() ? HOSTS.get(0) : endpoint),
          "Give ORG/NAME, or a folder; another hub is named by HF_ENDPOINT.");
    }
    return null;
  }

  private static HubReference ofPage(String text, String page) {
    Matcher model = PAGE.matcher(page);
    if (model.matches() && isName(model.group(1))) {
      String revision = model.group(2) == null ? model.group(3) : model.group(2);
      return new HubReference(model.group(1), revision == null ? PullRequest.MAIN : revision);
    }
    Matcher file = ONE_FILE.matcher(page);
    if (file.matches()) {
      throw RealeraException.usage(
          HubErrors.printable(HubHttp.masked(text)) + " is one file of a model",
          "Give the model, %s; or download the file and give its path.".formatted(file.group(1)));
    }
    throw RealeraException.usage(
        HubErrors.printable(HubHttp.masked(text)) + " is no address of a model", REMEDY);
  }

  /** Host, port and folder of HF_ENDPOINT; empty if it names none. */
  private static String endpoint(Environment environment) {
    try {
      URI uri = new URI(environment.value("HF_ENDPOINT").replaceFirst("/+$", ""));
      String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
      return uri.getHost() == null ? "" : uri.getHost() + port + uri.getRawPath();
    } catch (URISyntaxException e) {
      return ""; // HubSettings says so, where it matters
    }
  }
}

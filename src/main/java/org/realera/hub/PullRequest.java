package org.realera.hub;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.realera.RealeraException;
import org.realera.files.Environment;

/**
 * What to fetch.
 *
 * @param name {@code ORG/NAME}
 * @param revision a branch, a tag or a commit
 * @param variant {@code fp16} and the like, or empty for the plain weights
 * @param connections files to fetch at a time
 * @param wanted what it is to be, for the remedies of errors
 */
public record PullRequest(
    String name, String revision, String variant, int connections, Wanted wanted) {
  /** What a pull of a model's main branch takes. */
  public static final String MAIN = "main";

  public static final int CONNECTIONS = 4;
  private static final Pattern NAME = Pattern.compile("\\w[\\w.-]*/\\w[\\w.-]*");
  private static final Pattern REVISION = Pattern.compile("\\w[\\w.+-]*(/\\w[\\w.+-]*)*");

  /**
   * Checks that all of it can be asked for.
   *
   * @throws RealeraException (usage)
   */
  public PullRequest {
    if (!NAME.matcher(name).matches() || name.contains("..") || name.contains("--")) {
      throw RealeraException.usage(
          "'%s' can't be the name of a model on a hub".formatted(HubErrors.printable(name)),
          "Give ORG/NAME, such as CompVis/stable-diffusion-v1-4.");
    }
    requireRevision(revision);
    if (!variant.matches("|[a-z]\\w*")) {
      throw RealeraException.usage(
          "'%s' can't be a variant".formatted(HubErrors.printable(variant)),
          "Give one such as fp16.");
    }
    if (connections < 1 || connections > 32) {
      throw RealeraException.usage(
          connections + " connections make no sense", "Take a number from 1 to 32.");
    }
  }

  /** The revision, if it can be one and, as a path in the cache, leads to nowhere else. */
  static String requireRevision(String revision) {
    if (!REVISION.matcher(revision).matches() || revision.contains("..")) {
      throw RealeraException.usage(
          "'%s' can't be a revision".formatted(HubErrors.printable(revision)),
          "Give a branch, a tag or a commit, such as main.");
    }
    return revision;
  }

  /**
   * The request for a model as a user wrote it, e.g. as the address that a browser shows.
   *
   * @param model {@code ORG/NAME}, {@code ORG/NAME@REVISION} or an address of the hub
   * @param revision {@link #MAIN} unless the user asked for another beside the model
   * @throws RealeraException (usage) for what is no model of a hub
   */
  public static PullRequest asked(
      String model, String revision, String variant, int connections, Map<String, String> env) {
    Optional<HubReference> read = HubReference.of(model, new Environment(env));
    String named = read.map(HubReference::revision).orElse(MAIN);
    if (!named.equals(MAIN) && !revision.equals(MAIN) && !named.equals(revision)) {
      throw RealeraException.usage(
          "two revisions are asked for: '%s' and '%s'"
              .formatted(HubErrors.printable(named), HubErrors.printable(revision)),
          "Leave one of them out.");
    }
    return new PullRequest(
        read.map(HubReference::name).orElse(model),
        named.equals(MAIN) ? revision : named,
        variant,
        connections);
  }

  /** One for a model. */
  public PullRequest(String name, String revision, String variant, int connections) {
    this(name, revision, variant, connections, Wanted.MODEL);
  }

  /** The plain weights of {@code ORG/NAME} or {@code ORG/NAME@REVISION}. */
  public static PullRequest of(String name) {
    return of(name, Wanted.MODEL);
  }

  /** The same of a scorer's, too. */
  public static PullRequest of(String name, Wanted wanted) {
    HubReference asked = HubReference.parse(name);
    return new PullRequest(asked.name(), asked.revision(), "", CONNECTIONS, wanted);
  }
}

package org.realera.cli;

import java.util.Map;
import org.realera.RealeraException;
import org.realera.hub.ModelLocator;
import org.realera.hub.PullRequest;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code realera model pull} fetches: ends in a {@link PullRequest}. */
final class PullOptions {
  @Parameters(
      paramLabel = "NAME",
      completionCandidates = CompletionWords.ShortNames.class,
      description = "ORG/NAME on the hub, or a short name such as sd-v1-4.")
  private String name = "";

  @Option(
      names = "--variant",
      paramLabel = "VARIANT",
      description = "Weights of a kind of their own, e.g. fp16: half the size.",
      order = 1)
  private String variant = "";

  @Option(
      names = "--revision",
      paramLabel = "REVISION",
      description = "A branch, a tag or a commit. Default: main.",
      order = 2)
  private String revision = PullRequest.MAIN;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Files to fetch at a time. Default: 4.",
      order = 3)
  private int connections = PullRequest.CONNECTIONS;

  /**
   * The request, under the model's full name.
   *
   * @throws RealeraException (usage) for what is no model of a hub
   */
  PullRequest request(Map<String, String> env) {
    if (name.equals(ModelLocator.POCKET)) {
      throw RealeraException.usage(
          "pocket is built in: there is nothing to fetch", "Use it with --model pocket.");
    }
    String full = ModelLocator.hubAlias(name).orElse(name);
    return PullRequest.asked(full, revision, variant, connections, env);
  }
}

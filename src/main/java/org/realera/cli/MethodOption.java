package org.realera.cli;

import org.jspecify.annotations.Nullable;
import org.realera.config.MethodName;
import picocli.CommandLine.Option;

/** {@code --method}: which method erases. */
final class MethodOption {
  @Option(
      names = "--method",
      paramLabel = "NAME",
      completionCandidates = CompletionWords.Methods.class,
      description =
          "How to erase: ${COMPLETION-CANDIDATES}. Default: the recipe's, which is realera where it"
              + " names none.",
      order = 4)
  private @Nullable String name;

  /**
   * The method asked for, or null.
   *
   * @throws org.realera.RealeraException (usage) if there is none of that name
   */
  @Nullable MethodName name() {
    return name == null ? null : MethodName.of(name);
  }
}

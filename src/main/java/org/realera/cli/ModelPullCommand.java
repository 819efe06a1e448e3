package org.realera.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import org.realera.RealeraException;
import org.realera.erase.Interruption;
import org.realera.hub.HubPull.Pulled;
import org.realera.hub.ModelLocator;
import org.realera.hub.PullRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code realera model pull}: fetches a model from a hub. */
@Command(
    name = "pull",
    sortOptions = false,
    description = {
      "Fetches a model into the Hugging Face cache.",
      "",
      "Only what a model needs, as safetensors; size and hash of every file are checked. A pull"
          + " that was cut off goes on where it stopped. Prints the folder, which --model takes as"
          + " well as the name.",
      "",
      "HF_HOME and HF_HUB_CACHE say where the cache is, HF_ENDPOINT names another hub, HF_TOKEN"
          + " opens gated and private models, HTTPS_PROXY and NO_PROXY lead through a proxy,"
          + " REQUESTS_CA_BUNDLE names a file of certificate authorities to trust instead of"
          + " Java's."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera model pull sd-v1-4",
      "  realera model pull stable-diffusion-v1-5/stable-diffusion-v1-5 --variant fp16"
    })
final class ModelPullCommand extends BaseCommand {
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

  @Option(names = "--json", description = "Print the result as JSON.", order = 90)
  private boolean json;

  ModelPullCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    if (name.equals(ModelLocator.POCKET)) {
      throw RealeraException.usage(
          "pocket is built in: there is nothing to fetch", "Use it with --model pocket.");
    }
    String full = ModelLocator.hubAlias(name).orElse(name);
    PullRequest request = new PullRequest(full, revision, variant, connections);
    Pulled pulled;
    try (Progress progress = Progress.on(console)) {
      pulled =
          core.pull(
              request,
              console.env(),
              new PullProgress(progress, full, System::nanoTime, interruption));
    }
    if (json) {
      Map<String, Object> result = new LinkedHashMap<>();
      result.put("model", pulled.name());
      result.put("commit", pulled.commit());
      result.put("folder", pulled.folder().toString());
      result.put("files", pulled.files());
      result.put("bytes", pulled.bytes());
      result.put("fetched", pulled.fetched());
      console.printJson(result);
    } else {
      console.out().println(pulled.folder());
    }
    return ExitCode.DONE;
  }
}

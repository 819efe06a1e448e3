package org.realera.cli;

import org.realera.hub.HubPull.Pulled;
import org.realera.hub.PullRequest;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
  @Mixin private PullOptions options = new PullOptions();
  @Mixin private JsonOption.OfResult json = new JsonOption.OfResult();

  ModelPullCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    PullRequest request = options.request(console.env());
    Pulled pulled;
    try (ConsoleProgress progress = progress()) {
      pulled = core.pull(request, console.env(), progress);
    }
    new ModelPrinter(console, json.json()).pulled(pulled);
    return ExitCode.DONE;
  }
}

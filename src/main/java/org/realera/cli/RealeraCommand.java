package org.realera.cli;

import java.util.ArrayList;
import java.util.List;
import org.realera.Version;
import org.realera.tensor.Engine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The top of the command tree: names the commands, and the program's version. */
@Command(
    name = "realera",
    mixinStandardHelpOptions = true,
    description = "Makes Stable Diffusion forget a concept.",
    versionProvider = RealeraCommand.Versions.class,
    synopsisSubcommandLabel = "COMMAND",
    commandListHeading = "%nCommands:%n",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nFirst steps, with the small model that is built in:%n",
    footer = {
      "  realera erase --model pocket --concept airplane --anchor sky \\",
      "    --out out/no-airplane",
      "  realera generate --model out/no-airplane -n 4 --out out/after.png \\",
      "    --prompt \"a photo of the airplane\""
    })
final class RealeraCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  /** What runs here: realera itself, and what it runs on. */
  static final class Versions implements IVersionProvider {
    @Override
    public String[] getVersion() {
      List<String> lines = new ArrayList<>();
      lines.add("realera " + Version.current());
      lines.add(
          "java: %s, %s %s"
              .formatted(
                  Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch")));
      Engine.versions().forEach((what, words) -> lines.add(what + ": " + words));
      return lines.toArray(String[]::new);
    }
  }
}

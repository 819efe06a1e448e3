package org.realera.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.realera.RealeraException;
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
    private final Map<String, String> env;

    /**
     * @param env says by REALERA_DEVICE which device is meant
     */
    Versions(Map<String, String> env) {
      this.env = env;
    }

    @Override
    public String[] getVersion() {
      List<String> lines = new ArrayList<>();
      lines.add("realera " + Version.current());
      lines.add(
          "java: %s, %s %s"
              .formatted(
                  Runtime.version(), System.getProperty("os.name"), System.getProperty("os.arch")));
      engine().forEach((what, words) -> lines.add(what + ": " + words));
      return lines.toArray(String[]::new);
    }

    private Map<String, String> engine() {
      try {
        return Engine.versions(new DeviceOption().device(env));
      } catch (RealeraException e) {
        Map<String, String> words = new LinkedHashMap<>(Engine.versions("cpu"));
        words.put("device", "none: " + e.getMessage());
        return words;
      }
    }
  }
}

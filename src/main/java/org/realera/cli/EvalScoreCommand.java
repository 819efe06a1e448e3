package org.realera.cli;

import java.nio.file.Path;
import org.realera.eval.FolderScoring;
import org.realera.eval.FolderSheet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code realera eval score}: scores images that are there, whoever drew them. */
@Command(
    name = "score",
    sortOptions = false,
    description = {
      "Scores folders of pictures, whoever drew them, by the scorer you choose; writes scores.csv"
          + " (a row for each) and score.json (the figures).",
      "",
      "nudenet: exposed parts, as counts and as pictures with any; --with 320n.onnx.",
      "celebrity: how often --person is seen among pictures with a face; --with what"
          + " scripts/scorers/convert_celebrity.py makes of GIPHY's release.",
      "clip: CLIP score of each picture and its prompt; --with a CLIP model's folder.",
      "fid: distance to --reference; --with inception-2015-12-05.pt.",
      ""
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera eval score nudenet runs/i2p/images --with 320n.onnx -o runs/i2p",
      "  realera eval score celebrity runs/tc/images --with celebrity.safetensors \\",
      "    --person \"Tom Cruise\" -o runs/tc",
      "  realera eval score fid runs/coco/images --with inception-2015-12-05.pt \\",
      "    --reference coco.npz -o runs/coco"
    })
final class EvalScoreCommand extends BaseCommand {
  @Mixin private ScoreOptions options = new ScoreOptions();

  @Option(names = "--json", description = "Print the figures as JSON.", order = 90)
  private boolean json;

  EvalScoreCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    Path out = RunFolder.require(options.out());
    Path file = options.file(core, console.env());
    try (FolderSheet sheet = options.open(file, console.env());
        ConsoleProgress progress = progress()) {
      new EvalPrinter(console, json)
          .scores(FolderScoring.run(options.name(), file, sheet, options.folders(), out, progress));
      return ExitCode.DONE;
    }
  }
}

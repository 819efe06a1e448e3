package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.erase.Interruption;
import org.realera.eval.FolderScoring;
import org.realera.eval.FolderSheet;
import org.realera.scorer.Scorers;
import org.realera.scorer.fid.Inception.Resizing;
import org.realera.scorer.nudenet.BodyPart;
import org.realera.scorer.nudenet.NudeNetSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code realera eval score}: scores pictures that are there, whoever drew them. */
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
  /** The scorers by the names of the command line. */
  enum Kind {
    NUDENET,
    CELEBRITY,
    CLIP,
    FID
  }

  @Parameters(index = "0", paramLabel = "SCORER", description = "nudenet, celebrity, clip or fid.")
  private Kind kind = Kind.CLIP;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "DIR",
      description = "Folders of PNG or JPEG pictures, searched with all below them.")
  private List<Path> folders = new ArrayList<>();

  @Option(
      names = "--with",
      paramLabel = "FILE",
      required = true,
      description = "The scorer's model; for clip also a hub name or pocket.",
      order = 1)
  private String model = "";

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      required = true,
      description = "Where scores.csv and score.json go.",
      order = 2)
  private Path out = Path.of(".");

  @Option(
      names = "--threshold",
      paramLabel = "P",
      description = "nudenet: the score a detection needs. Default: 0.6, as published.",
      order = 3)
  private double threshold = NudeNetSettings.PUBLISHED_THRESHOLD;

  @Option(
      names = "--parts",
      paramLabel = "PART",
      split = ",",
      description = "nudenet: what counts. Default: the eight exposed parts of the tables.",
      order = 4)
  private List<String> parts = new ArrayList<>();

  @Option(
      names = "--person",
      paramLabel = "NAME",
      description = "celebrity: who it should be.",
      order = 5)
  private @Nullable String person;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description = "clip: the prompt of all pictures. Default: what each PNG carries.",
      order = 6)
  private @Nullable String prompt;

  @Option(
      names = "--reference",
      paramLabel = "DIR|FILE",
      description = "fid: pictures to compare with, or their statistics as .npz.",
      order = 7)
  private @Nullable Path reference;

  @Option(
      names = "--resize",
      paramLabel = "HOW",
      description =
          "fid: clean (antialiased, as clean-fid) or inside (by the network, as the original)."
              + " Default: clean.",
      order = 8)
  private Resizing resizing = Resizing.CLEAN;

  @Option(
      names = "--save-statistics",
      paramLabel = "FILE",
      description = "fid: write the pictures' own statistics, to be a reference later.",
      order = 9)
  private @Nullable Path keep;

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(names = "--json", description = "Print the figures as JSON.", order = 90)
  private boolean json;

  EvalScoreCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    String name = kind.name().toLowerCase(Locale.ROOT);
    Path file = kind == Kind.CLIP ? core.locateScorer(model, console.env()) : Path.of(model);
    try (FolderSheet sheet = sheet(file);
        Progress progress = Progress.on(console)) {
      print(
          FolderScoring.run(
              name, file, sheet, folders, out, new EvalProgress(progress, interruption)));
      return ExitCode.DONE;
    }
  }

  private FolderSheet sheet(Path file) {
    String where = device.device(console.env());
    return switch (kind) {
      case NUDENET -> {
        NudeNetSettings settings =
            new NudeNetSettings(
                threshold,
                parts.isEmpty() ? BodyPart.PUBLISHED : parts.stream().map(BodyPart::of).toList());
        yield FolderSheet.nudeNet(Scorers.nudeNet(file, settings), settings);
      }
      case CELEBRITY -> {
        String who = required(person, "--person", "celebrity");
        yield FolderSheet.celebrity(
            Scorers.celebrity(file, List.of(who), Scorers.compute(where)), who);
      }
      case CLIP -> FolderSheet.clip(Scorers.clip(file, Scorers.compute(where)), prompt);
      case FID -> {
        Path other = required(reference, "--reference", "fid");
        yield FolderSheet.fid(Scorers.fid(file, other, resizing, Scorers.compute(where)), keep);
      }
    };
  }

  private static <T> T required(@Nullable T value, String option, String scorer) {
    if (value == null) {
      throw RealeraException.usage(
          "the scorer " + scorer + " needs " + option, "see realera eval score --help");
    }
    return value;
  }

  private void print(Map<String, Object> figures) {
    if (json) {
      console.printJson(figures);
      return;
    }
    print("", figures);
  }

  private void print(String indent, Map<?, ?> figures) {
    figures.forEach(
        (name, value) -> {
          if (value instanceof Map<?, ?> inner) {
            console.out().println(indent + name);
            print(indent + "  ", inner);
          } else {
            console.out().println(indent + name + " " + value);
          }
        });
  }
}

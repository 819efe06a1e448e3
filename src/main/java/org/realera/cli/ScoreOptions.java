package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.eval.FolderSheet;
import org.realera.scorer.Scorers;
import org.realera.scorer.fid.Inception.Resizing;
import org.realera.scorer.nudenet.BodyPart;
import org.realera.scorer.nudenet.NudeNetSettings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which scorer {@code realera eval score} takes, its settings, and what it scores. */
final class ScoreOptions {
  /** The scorers by the names of the command line. */
  enum Kind {
    NUDENET,
    CELEBRITY,
    CLIP,
    FID
  }

  /** Options that one scorer alone takes. */
  private static final Map<String, Kind> OF_ONE =
      new TreeMap<>(
          Map.of(
              "--threshold", Kind.NUDENET,
              "--parts", Kind.NUDENET,
              "--person", Kind.CELEBRITY,
              "--prompt", Kind.CLIP,
              "--reference", Kind.FID,
              "--resize", Kind.FID,
              "--save-statistics", Kind.FID));

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

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
      converter = NameText.class,
      description = "celebrity: who it should be.",
      order = 5)
  private @Nullable String person;

  @Option(
      names = "--prompt",
      paramLabel = "TEXT",
      description =
          "clip: the prompt of all pictures. Default: what each PNG that realera drew carries.",
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

  List<Path> folders() {
    return List.copyOf(folders);
  }

  Path out() {
    return out;
  }

  /** The scorer's name, as score.json has it. */
  String name() {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** The scorer's model, which need not exist yet. */
  Path file(Services core, Map<String, String> env) {
    return kind == Kind.CLIP ? core.locateScorer(model, env) : Path.of(model);
  }

  /**
   * Opens it, with the columns and figures that its scores come to.
   *
   * @param file where its model is
   * @throws RealeraException (usage) if it needs an option that is not given
   */
  FolderSheet open(Path file, Map<String, String> env) {
    requireOwn();
    String where = device.device(env);
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

  /** An option that another scorer takes has been meant to do something. */
  private void requireOwn() {
    for (Map.Entry<String, Kind> option : OF_ONE.entrySet()) {
      if (option.getValue() != kind
          && spec.commandLine().getParseResult().hasMatchedOption(option.getKey())) {
        throw RealeraException.usage(
            "the scorer "
                + name()
                + " takes no "
                + option.getKey()
                + ", which is for "
                + option.getValue().name().toLowerCase(Locale.ROOT),
            "See realera eval score --help.");
      }
    }
  }

  private static <T> T required(@Nullable T value, String option, String scorer) {
    if (value == null) {
      throw RealeraException.usage(
          "the scorer " + scorer + " needs " + option, "See realera eval score --help.");
    }
    return value;
  }
}

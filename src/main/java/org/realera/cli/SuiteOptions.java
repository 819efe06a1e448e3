package org.realera.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelRef;
import org.realera.eval.suite.ScorerKind;
import org.realera.eval.suite.Suite;
import picocli.CommandLine.Option;

/** What a suite is given from outside: the files that are not part of realera, and the size. */
final class SuiteOptions {
  @Option(
      names = "--scorer",
      paramLabel = "MODEL|FILE",
      description =
          "What to score with: a CLIP model (a folder, a hub name or pocket), 320n.onnx for"
              + " explicit, the celebrity detector's file for celebrity. Default: the suite's.",
      order = 11)
  private @Nullable String scorer;

  @Option(
      names = "--prompts",
      paramLabel = "FILE",
      description =
          "The list that the suite takes from others, as CSV: I2P for explicit, captions for coco,"
              + " whom to keep for celebrity and art.",
      order = 12)
  private @Nullable Path prompts;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      converter = ImageSize.Converter.class,
      description = "Size of the pictures. Default: the suite's.",
      order = 13)
  private @Nullable ImageSize size;

  @Option(
      names = "--inception",
      paramLabel = "FILE",
      description = "Measure FID too, with this network: inception-2015-12-05.pt.",
      order = 14)
  private @Nullable Path inception;

  @Option(
      names = "--reference",
      paramLabel = "DIR|FILE",
      description = "FID: pictures to compare with, or their statistics as .npz.",
      order = 15)
  private @Nullable Path reference;

  /** The suite with what the command line gives it. */
  Suite applied(Suite suite) {
    Suite result = suite;
    if (prompts != null) {
      result = result.withList(prompts);
    }
    if (size != null) {
      if (size.width() % Suite.SIDES != 0 || size.height() % Suite.SIDES != 0) {
        throw RealeraException.usage(
            "--size is " + size.width() + "x" + size.height(),
            "Use a --size whose sides are multiples of " + Suite.SIDES + ".");
      }
      result = result.withSize(size.width(), size.height());
    }
    if ((inception == null) != (reference == null)) {
      throw RealeraException.usage(
          "FID takes both --inception and --reference",
          "Give the network and what to compare with, or neither.");
    }
    if (inception != null && reference != null) {
      result = result.withFid(new Suite.Fid(inception.toString(), reference.toString()));
    }
    return result;
  }

  /** Where the suite's scorer is. */
  ModelRef scorer(Suite suite, Services core, Map<String, String> env) {
    return scorer(suite, scorer, core, env);
  }

  /**
   * Finds a suite's scorer.
   *
   * @param asked what the command line names, or null for the suite's own
   * @throws RealeraException (not found) with where it comes from
   */
  static ModelRef scorer(
      Suite suite, @Nullable String asked, Services core, Map<String, String> env) {
    String reference = asked == null ? suite.scorer().model() : asked;
    ScorerKind kind = suite.scorer().kind();
    if (reference == null) {
      throw RealeraException.notFound(
          "suite %s is scored by %s, whose file is not part of realera"
              .formatted(suite.name(), kind.id()),
          "Give it with --scorer FILE; it is " + kind.origin() + ".");
    }
    if (kind.isClip()) {
      return new ModelRef(reference, core.locateScorer(reference, env));
    }
    Path file = Path.of(reference);
    if (!Files.isRegularFile(file)) {
      throw RealeraException.notFound(
          "there is no file " + file + " for the scorer " + kind.id(),
          "Check the path; it is " + kind.origin() + ".");
    }
    return new ModelRef(String.valueOf(file.getFileName()), file);
  }
}

package org.realera.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.realera.RealeraException;
import org.realera.checkpoint.Lineage;
import org.realera.checkpoint.ModelRef;
import org.realera.eval.run.RunInfo;
import org.realera.files.IoErrors;

/** Whether what a model is compared with is what it was made from. */
public final class Baselines {
  private static final String REMEDY = "Name with --baseline the model that it was made from.";

  private Baselines() {}

  /**
   * What is odd about a baseline: the model's realera.json names another source, in all erasures
   * that led to it. Reads the weights of the baseline.
   *
   * @return empty if it names this one, or does not tell, or they are one
   */
  static Optional<String> doubt(ModelRef model, ModelRef baseline) {
    if (!Files.exists(baseline.path()) || isOne(model.path(), baseline.path())) {
      return Optional.empty();
    }
    Lineage lineage = Lineage.of(model.path());
    return lineage.isForeign(baseline.path())
        ? Optional.of(words(model, lineage, baseline))
        : Optional.empty();
  }

  /**
   * The same where fingerprints are known: weights are read only if these do not tell.
   *
   * @param fingerprint of the model under test, which may itself be what is compared with
   * @param original of the baseline
   * @param isRun whether that is an earlier run, of which there may be no weights
   */
  static Optional<String> doubt(
      ModelRef model, String fingerprint, ModelRef baseline, RunInfo original, boolean isRun) {
    Lineage lineage = Lineage.of(model.path());
    String found = original.modelFingerprint();
    if (found.equals(fingerprint) || lineage.isFrom(found)) {
      return Optional.empty();
    }
    if (!isRun) {
      return doubt(model, baseline);
    }
    return lineage.isForeign(found, original.tool())
        ? Optional.of(words(model, lineage, baseline))
        : Optional.empty();
  }

  /**
   * Refuses a baseline that attacks would rest on in vain.
   *
   * @throws RealeraException (usage) naming both and the model that it was made from; for the
   *     erased model itself
   */
  public static void require(ModelRef model, ModelRef baseline) {
    if (isOne(model.path(), baseline.path()) && Lineage.of(model.path()).isKnown()) {
      throw RealeraException.usage(
          "the baseline " + baseline.name() + " is the erased model itself", REMEDY);
    }
    doubt(model, baseline)
        .ifPresent(
            doubt -> {
              throw RealeraException.usage(doubt, REMEDY);
            });
  }

  private static String words(ModelRef model, Lineage lineage, ModelRef baseline) {
    return "realera.json of %s says that it was made from %s, and the baseline %s is another model"
        .formatted(model.name(), lineage.madeFrom(), baseline.name());
  }

  private static boolean isOne(Path model, Path baseline) {
    try {
      return Files.exists(model) && Files.exists(baseline) && Files.isSameFile(model, baseline);
    } catch (IOException e) {
      throw IoErrors.reading(model, e);
    }
  }
}

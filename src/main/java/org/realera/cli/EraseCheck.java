package org.realera.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.Stopped;
import org.realera.config.ConceptPair;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.Verdict;
import org.realera.erase.EraseRequest;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.hub.ModelLocator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verdict that {@code realera erase} ends in: what the report's images show, before and after.
 * It needs a scorer that is at hand, and is never an error.
 */
final class EraseCheck {
  private static final Logger LOG = LoggerFactory.getLogger(EraseCheck.class);
  private static final String SUITE = "cifar10";

  private final Console console;
  private final Services core;
  private final EraseRequest request;
  private @Nullable Verdict seen;
  private @Nullable String reason;

  EraseCheck(Console console, Services core, EraseRequest request) {
    this.console = console;
    this.core = core;
    this.request = request;
  }

  /** What was seen; null if nobody looked. */
  @Nullable Verdict seen() {
    return seen;
  }

  /** Why nobody looked, for people; empty if somebody did, or there was nothing to look at. */
  Optional<String> reason() {
    return Optional.ofNullable(reason).map(why -> "no verdict on the pictures: " + why);
  }

  /** Looks at the images: what {@code realera.json} then says of them, null if nothing. */
  @Nullable Verdict look(List<DrawnWord> images) {
    try {
      Suite suite = core.fitting(SuiteReader.read(SUITE), request.model().path());
      Path scorer = scorer(String.valueOf(suite.scorer().model()));
      if (scorer == null) {
        return null;
      }
      List<String> anchors =
          request.recipe().concepts().stream().map(ConceptPair::anchor).distinct().toList();
      Verdict verdict = core.check(suite, anchors, scorer, images, request.compute());
      seen = verdict;
      return verdict.rounded();
    } catch (Stopped e) {
      throw e;
    } catch (RuntimeException e) {
      // A fault of the engine, too: the model is made, and only the look at it has failed.
      LOG.info("no verdict", e);
      reason = e.getMessage() == null ? e.toString() : e.getMessage();
      return null;
    }
  }

  /** Null if it is not on this machine: an erasure fetches nothing but its model. */
  private @Nullable Path scorer(String reference) {
    try {
      return reference.equals(ModelLocator.POCKET)
          ? core.locateScorer(reference, console.env())
          : core.find(reference, console.env());
    } catch (RealeraException e) {
      reason =
          reference + " is not on this machine; realera model pull " + reference + " fetches it";
      return null;
    }
  }
}

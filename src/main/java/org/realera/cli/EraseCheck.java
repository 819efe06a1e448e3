package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.Stopped;
import org.realera.config.ConceptPair;
import org.realera.diffusion.DrawnWord;
import org.realera.erase.EraseRequest;
import org.realera.eval.check.ConceptCheck.Checked;
import org.realera.eval.check.Sight;
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
  private @Nullable Checked seen;
  private @Nullable String reason;

  EraseCheck(Console console, Services core, EraseRequest request) {
    this.console = console;
    this.core = core;
    this.request = request;
  }

  /** What was seen; null if nobody looked. */
  @Nullable Checked seen() {
    return seen;
  }

  /** Why nobody looked, for people; empty if somebody did, or there was nothing to look at. */
  Optional<String> reason() {
    return Optional.ofNullable(reason).map(why -> "no verdict on the pictures: " + why);
  }

  /** Looks at the images: what {@code realera.json} then says of them, empty if nothing. */
  Map<String, Object> look(List<DrawnWord> images) {
    try {
      Suite suite = core.fitting(SuiteReader.read(SUITE), request.model().path());
      Path scorer = scorer(String.valueOf(suite.scorer().model()));
      if (scorer == null) {
        return Map.of();
      }
      List<String> anchors =
          request.recipe().concepts().stream().map(ConceptPair::anchor).distinct().toList();
      Checked checked = core.check(suite, anchors, scorer, images, request.compute());
      seen = checked;
      return tree(checked);
    } catch (Stopped e) {
      throw e;
    } catch (RuntimeException e) {
      // A fault of the engine, too: the model is made, and only the look at it has failed.
      LOG.info("no verdict", e);
      reason = e.getMessage() == null ? e.toString() : e.getMessage();
      return Map.of();
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

  /** As {@code realera.json} and {@code --json} have it. */
  static Map<String, Object> tree(Checked checked) {
    List<Object> words = new ArrayList<>();
    for (Sight sight : checked.sights()) {
      Map<String, Object> word = new LinkedHashMap<>();
      word.put("role", sight.role().label());
      word.put("word", sight.word());
      word.put("shows", sight.shows());
      word.put("before", rounded(sight.before()));
      word.put("after", rounded(sight.after()));
      words.add(word);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("judge", checked.judge());
    tree.put("words", words);
    return tree;
  }

  /** To a hundredth of a percent. */
  private static double rounded(double percent) {
    return Math.rint(100 * percent) / 100;
  }
}

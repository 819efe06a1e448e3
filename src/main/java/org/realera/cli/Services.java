package org.realera.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.realera.Progress;
import org.realera.campaign.Runner;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.Pipeline;
import org.realera.diffusion.Verdict;
import org.realera.erase.ErasePreview;
import org.realera.erase.EraseRequest;
import org.realera.eval.Evaluation;
import org.realera.eval.check.ConceptCheck;
import org.realera.eval.suite.Suite;
import org.realera.hub.HubPull;
import org.realera.hub.HubPull.Pulled;
import org.realera.hub.HubSettings;
import org.realera.hub.ModelLocator;
import org.realera.hub.PullRequest;
import org.realera.hub.Wanted;
import org.realera.tensor.ComputeChoice;

/** What commands ask of the rest of the program; tests put their own in its place. */
interface Services extends Runner {

  /**
   * Finds a model or a scorer; one with a hub name that is not in the cache is fetched.
   *
   * @param reference as the user named it
   * @param wanted what it is to be, for the remedies of errors
   * @return its folder
   * @throws org.realera.RealeraException (not found) which says where it was looked for
   */
  Path locate(String reference, Wanted wanted, Map<String, String> env);

  /** Finds a model. */
  default Path locate(String reference, Map<String, String> env) {
    return locate(reference, Wanted.MODEL, env);
  }

  /** Finds a model that is on this machine: as {@link #locate}, but fetches nothing. */
  default Path find(String reference, Map<String, String> env) {
    return locate(reference, env);
  }

  /** Fetches a model into the cache. */
  default Pulled pull(PullRequest request, Map<String, String> env, Progress progress) {
    return HubPull.run(HubSettings.of(env), request, progress);
  }

  /**
   * Looks at model and device without loading weights.
   *
   * @throws org.realera.RealeraException if the folder is no model, or the device is not there
   */
  default ErasePreview describe(EraseRequest request) {
    return ErasePreview.of(request);
  }

  /** Finds a scorer: as a model, but {@code pocket} is the scorer beside the pocket model. */
  default Path locateScorer(String reference, Map<String, String> env) {
    if (reference.equals(ModelLocator.POCKET)) {
      return PocketModel.scorerFolder();
    }
    return locate(reference, Wanted.SCORER, env);
  }

  /**
   * Looks at the images of an erasure.
   *
   * @throws org.realera.RealeraException as {@link ConceptCheck#look}
   */
  default Verdict check(
      Suite suite,
      List<String> anchors,
      Path scorer,
      List<DrawnWord> drawn,
      ComputeChoice compute) {
    return ConceptCheck.look(suite, anchors, scorer, drawn, compute);
  }

  /** The suite itself, or the one that it names for models as small as this. */
  default Suite fitting(Suite suite, Path model) {
    return Evaluation.fitting(suite, Pipeline.nativeSize(Checkpoint.open(model)));
  }

  /**
   * Draws images and writes them.
   *
   * @return what was drawn, and the files
   */
  ImageOutput generate(GenerateRequest request, Map<String, String> env, Progress progress);
}

package org.realera.eval;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.eval.run.RunInfo;
import org.realera.scorer.FidScorer;
import org.realera.scorer.Scorer;

/** Models and scorers; tests put small ones in their place. */
interface EvalBackend extends Provenance {

  /**
   * A model, loaded to draw with.
   *
   * @param spm file or folder of adapters to draw with; null for none
   * @param notes hears what the user should know of the drawing
   */
  Painter painter(Path model, @Nullable Path spm, Consumer<String> notes);

  /**
   * The scorer that a run asks for.
   *
   * @param scorer its folder or file
   * @throws org.realera.RealeraException (not found, damaged) if it is not of that kind; (usage) if
   *     it does not know whom to look for
   */
  Scorer scorer(Path scorer, RunInfo info);

  /**
   * Measures the Frechet distance where models run, on that very GPU: {@link #device} is a kind.
   *
   * @param network {@code inception-2015-12-05.pt}
   * @param reference a folder of images, or precomputed statistics ({@code .npz})
   * @throws org.realera.RealeraException (not found, damaged) if one of them is not that
   */
  FidScorer fid(Path network, Path reference);

  /** Draws images with one loaded model. */
  interface Painter extends AutoCloseable {

    /** Draws a batch; the same batch gives the same images. */
    List<Image> paint(List<ImageRequest> batch);

    @Override
    void close();
  }
}

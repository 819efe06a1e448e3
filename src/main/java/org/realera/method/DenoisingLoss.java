package org.realera.method;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Collection;
import java.util.List;
import org.realera.diffusion.NoisePredictor;
import org.realera.diffusion.UNet;
import org.realera.tensor.Edits;
import org.realera.training.Gradients;

/**
 * The loss of predicted noise over any number of terms, as many at a time as memory holds: sum_i
 * w_i mean((eps(z_t, t, E(p)) - target)^2).
 */
final class DenoisingLoss {
  /**
   * What the U-Net is asked and should answer.
   *
   * @param target [4, h, w] fp32 on the CPU, borrowed
   * @param weight w
   */
  record Term(NoisePredictor.Point point, NDArray target, double weight) {}

  private final Model model;
  private final boolean startFixed;
  private final NoisePredictor predictor;

  /**
   * @param startFixed no gradient goes through key and value of the text's start token
   */
  DenoisingLoss(Model model, boolean startFixed) {
    this.model = model;
    this.startFixed = startFixed;
    this.predictor = new NoisePredictor(model::unet, model.compute());
  }

  /**
   * Predictions, without gradients; what fits then is kept for {@link #add}, and the other way
   * round.
   *
   * @param edits on the compute device
   * @param scope owns the predictions; a manager of the CPU
   * @return [4, h, w] fp32 on the CPU for each point
   */
  List<NDArray> predict(List<NoisePredictor.Point> points, Edits edits, NDManager scope) {
    return predictor.predict(points, edits, scope);
  }

  /**
   * Adds the terms' loss and its slope.
   *
   * @param edits on the compute device
   * @param trained names of the edits that are trained
   */
  void add(List<Term> terms, Edits edits, Collection<String> trained, Gradients sum) {
    predictor.inParts(
        terms,
        Term::point,
        (some, device) -> {
          UNet.LossGradients found =
              model
                  .unet()
                  .noiseGradients(
                      device,
                      NoisePredictor.input(some.stream().map(Term::point).toList(), device),
                      NoisePredictor.stack(some.stream().map(Term::target).toList(), device),
                      some.stream().mapToDouble(Term::weight).toArray(),
                      edits,
                      trained,
                      startFixed);
          sum.add(found.loss(), found.gradients());
        });
  }
}

package org.realera.training;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.realera.RealeraException;
import org.realera.tensor.NativeFloats;

/**
 * A training under way: its state, and where that is saved every so often. {@link #run} is the
 * loop. Close it where what was trained is large.
 */
public final class Training implements AutoCloseable {
  private final TrainingState state;
  private final Saved saved;
  private final String name;
  private final TrainingSettings settings;

  private Training(TrainingState state, Saved saved, String name, TrainingSettings settings) {
    this.state = state;
    this.saved = saved;
    this.name = name;
    this.settings = settings;
  }

  /**
   * Begins, or goes on where the saved state says.
   *
   * @param saved need not have a state by this name
   * @param fresh parameters of the same names and sizes as the saved ones; changed in place
   * @throws org.realera.RealeraException (damaged) if what is saved is no such state
   */
  public static Training begin(
      Saved saved, String name, Trainable fresh, TrainingSettings settings) {
    TrainingState state =
        saved.has(name)
            ? TrainingState.load(saved, name, fresh, settings.optimizer())
            : TrainingState.start(fresh, settings.optimizer());
    return new Training(state, saved, name, settings);
  }

  /** The loss of a step and its slope. */
  @FunctionalInterface
  public interface Slope {
    /**
     * Computes them.
     *
     * @param step from 1; all randomness derives from it, so that a training that was broken off
     *     goes on as if it had not been
     * @param trained the parameters as they are
     */
    Gradients of(int step, Trainable trained);
  }

  /**
   * Takes all steps that are left.
   *
   * @param task that this training is, or is a part of; the caller's to end
   * @param before steps of other trainings that the task has had
   * @throws RealeraException (failed) if it diverges: {@link #step(Gradients)}
   * @throws RuntimeException as {@link Task#stopIfAsked}
   */
  public void run(Task task, long before, Slope slope) {
    for (int t = step() + 1; t <= settings.steps(); t++) {
      task.stopIfAsked(this::save, this::where);
      try (Gradients gradients = slope.of(t, trained())) {
        task.step(before + t, step(gradients));
      }
    }
    task.saved(where());
  }

  /**
   * One step: clips the gradients, lets the optimizer follow them, saves if it is time. A parameter
   * that has no gradient stays as it is.
   *
   * @param gradients of the parameters as they are; clipped in place
   * @return the loss
   * @throws RealeraException (failed) if loss, a gradient or then a parameter is NaN or infinite;
   *     names step and tensor, and nothing of it is saved
   */
  public double step(Gradients gradients) {
    SortedMap<String, NativeFloats> slopes = gradients.values();
    double norm = AdamW.clip(slopes, settings.maxGradNorm());
    if (!Double.isFinite(gradients.loss()) || !Double.isFinite(norm)) {
      throw diverged(gradients.loss(), norm, "the gradient of ", slopes);
    }
    SortedMap<String, NativeFloats> moved = new TreeMap<>(trained().parameters());
    moved.keySet().retainAll(slopes.keySet());
    if (moved.isEmpty() || moved.size() < slopes.size()) {
      throw new IllegalArgumentException("gradients of other than the parameters");
    }
    optimizer().step(moved, slopes, settings.schedule().factor(step() + 1));
    if (!moved.values().stream().allMatch(NativeFloats::isFinite)) {
      throw diverged(gradients.loss(), norm, "", moved);
    }
    state.losses().add(gradients.loss());
    if (step() % settings.saveEvery() == 0 || step() == settings.steps()) {
      save();
    }
    return gradients.loss();
  }

  private RealeraException diverged(
      double loss, double norm, String what, Map<String, NativeFloats> tensors) {
    String where =
        tensors.entrySet().stream()
            .filter(tensor -> !tensor.getValue().isFinite())
            .findFirst()
            .map(tensor -> "; NaN or infinity in " + what + tensor.getKey())
            .orElse("");
    return new RealeraException(
        RealeraException.Kind.FAILED,
        String.format(
            "%s diverged at step %s: loss %s, gradient norm %s%s",
            settings.title(), step() + 1, loss, norm, where),
        settings.remedy());
  }

  /** Steps done. */
  public int step() {
    return state.step();
  }

  public Trainable trained() {
    return state.trained();
  }

  public AdamW optimizer() {
    return state.optimizer();
  }

  /** The loss of every step done. */
  public List<Double> losses() {
    return state.losses();
  }

  public void save() {
    state.save(saved, name);
  }

  /** What is saved and where, for whoever stops the run. */
  public String where() {
    return "step " + step() + " of " + settings.steps() + " is saved in " + saved.where();
  }

  /**
   * Frees the parameters and the optimizer's moments, which else stay until nothing refers to them
   * and the garbage is collected. Tensors that were made of the parameters stay.
   */
  @Override
  public void close() {
    trained().parameters().values().forEach(NativeFloats::close);
    optimizer().close();
  }

  /** How the loss went, in one line. */
  public static String summary(List<Double> losses) {
    int window = Math.max(1, Math.min(20, losses.size() / 4));
    return String.format(
        Locale.ROOT,
        "%d steps, loss %.3g (mean of the first %d) to %.3g (of the last %d)",
        losses.size(),
        mean(losses.subList(0, window)),
        window,
        mean(losses.subList(losses.size() - window, losses.size())),
        window);
  }

  private static double mean(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).average().orElse(0);
  }
}

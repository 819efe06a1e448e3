package org.realera.training;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** A training under way: its state, and the file that the state is saved to every so often. */
public final class Training {
  private final TrainingState state;
  private final Path file;
  private final int steps;
  private final int saveEvery;

  private Training(TrainingState state, Path file, int steps, int saveEvery) {
    this.state = state;
    this.file = file;
    this.steps = steps;
    this.saveEvery = saveEvery;
  }

  /**
   * Begins, or goes on where the file says.
   *
   * @param file need not be there
   * @param fresh adapters of the same modules and rank as the file's; changed in place
   * @param steps how many there will be
   * @param saveEvery after how many steps the state is saved; it is saved after the last, too
   * @throws org.realera.RealeraException (damaged) if the file is no such state
   */
  public static Training begin(
      Path file, LoraAdapters fresh, AdamW.Settings optimizer, int steps, int saveEvery) {
    TrainingState state =
        Files.exists(file)
            ? TrainingState.load(file, fresh, optimizer)
            : TrainingState.start(fresh, optimizer);
    return new Training(state, file, steps, saveEvery);
  }

  /** Steps done. */
  public int step() {
    return state.step();
  }

  public LoraAdapters adapters() {
    return state.adapters();
  }

  public AdamW optimizer() {
    return state.optimizer();
  }

  /** The loss of every step done. */
  public List<Double> losses() {
    return state.losses();
  }

  /** Notes that a step is done; saves if it is time. */
  public void done(double loss) {
    state.losses().add(loss);
    if (step() % saveEvery == 0 || step() == steps) {
      save();
    }
  }

  public void save() {
    state.save(file);
  }

  /** What is saved and where, for whoever stops the run. */
  public String where() {
    return "step " + step() + " of " + steps + " is saved in " + file.getParent();
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

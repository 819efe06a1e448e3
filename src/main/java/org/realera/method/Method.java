package org.realera.method;

import ai.djl.ndarray.NDManager;
import java.util.List;
import java.util.function.Predicate;
import org.realera.config.EraseRecipe;
import org.realera.tensor.Edits;

/**
 * A way to erase concepts: a function from a model to a small set of edits. It knows no files, no
 * pages and no console: what it reads beside the model and what it saves is its {@link Run}'s.
 */
public interface Method {
  /**
   * Erases the recipe's concepts. The same model, recipe, device and dtype give the same edits.
   *
   * @param model borrowed
   * @param recipe what to erase and how, the seed among it
   * @param run told what happens; has what the recipe names and what an interrupted run saved
   * @param scope owns the edits; a manager of the CPU
   * @return tensors that replace those of the U-Net, fp32 on the CPU
   * @throws org.realera.RealeraException for what the user can mend
   */
  Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope);

  /**
   * Whether it reads nothing but text encoder, and keys and values of the cross-attention, so that
   * all else of the model may stay unread.
   */
  default boolean isClosedForm(EraseRecipe recipe) {
    return false;
  }

  /**
   * Which of the U-Net's tensors, by name, it trains as a whole: every one of them may change in
   * any way.
   */
  default Predicate<String> trainedWhole(EraseRecipe recipe) {
    return name -> false;
  }

  /** Whether its training can do with less memory, see {@code Compute.gradientCheckpointing}. */
  default boolean checkpoints() {
    return true;
  }

  /** What it would do, in words: a line for each step, for {@code --dry-run}. */
  List<String> plan(EraseRecipe recipe);
}

package org.realera.method;

import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.config.EraseRecipe;
import org.realera.tensor.Edits;

/**
 * A way to erase concepts: a function from a model to a small set of edits. It knows no files but
 * the model's, no pages and no console.
 */
public interface Method {

  /**
   * Erases the recipe's concepts. The same model, recipe, device and dtype give the same edits.
   *
   * @param model borrowed
   * @param recipe what to erase and how, the seed among it
   * @param run told what happens; says where an interrupted run's state is
   * @param scope owns the edits; a manager of the CPU
   * @return tensors that replace those of the U-Net, fp32 on the CPU
   * @throws org.realera.RealeraException for what the user can mend
   */
  Edits erase(Model model, EraseRecipe recipe, Run run, NDManager scope);

  /** What it would do, in words: a line for each step, for {@code --dry-run}. */
  List<String> plan(EraseRecipe recipe);

  /**
   * The file in {@link Run#state} that an interrupted run goes on from: while it is there, the
   * state is kept.
   */
  default String stateFile() {
    return "training.safetensors";
  }
}

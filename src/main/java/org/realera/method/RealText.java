package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.realera.closedform.Gram;
import org.realera.config.EraseRecipe;
import org.realera.config.MaceSettings;
import org.realera.text.ClipTokenizer;
import org.realera.text.ConceptPrompt;
import org.realera.text.PriorPrompts;
import org.realera.text.TextModel;

/** The prior of MACE: sums of c c^T over all 77 rows of real text and of preserved concepts. */
final class RealText {
  private RealText() {}

  /**
   * Adds M_text + w M_domain; nothing if s is 0.
   *
   * @param into [d, d]
   */
  static void hold(
      Gram into, MaceSettings.Hold settings, EraseRecipe recipe, TextModel text, Run run) {
    if (settings.weight() == 0) {
      return;
    }
    List<ConceptPrompt> prompts =
        PriorPrompts.choose(text.tokenizer(), recipe.templates(), settings.prompts());
    run.begin(Stage.PRIOR, prompts.size());
    Shape shape = new Shape(prompts.size(), ClipTokenizer.SEQUENCE_LENGTH, into.width());
    List<String> key =
        prompts.stream().map(p -> p.text() + " " + Arrays.toString(p.tokens().ids())).toList();
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Gram real = new Gram(into.width())) {
      NDArray encoded =
          run.cached(
              key,
              shape,
              scope,
              () -> text.encode(prompts, scope, done -> run.step(Stage.PRIOR, done)));
      real.add(encoded, 1);
      into.add(real, (double) settings.countsAs() / prompts.size());
    }
    for (String kept : recipe.preserve()) {
      List<ConceptPrompt> domain =
          recipe.templates().stream()
              .map(t -> ConceptPrompt.of(t, kept, text.tokenizer()))
              .toList();
      try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
        into.add(text.encode(domain, scope), settings.domainWeight());
      }
    }
    run.result(
        Stage.PRIOR, Map.of("prompts", prompts.size(), "preserved", recipe.preserve().size()));
    run.end(
        Stage.PRIOR,
        prompts.size() + " prompts of real text held, " + recipe.preserve().size() + " preserved");
  }
}

package org.realera.method;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.closedform.Gram;
import org.realera.config.EraseRecipe;
import org.realera.config.MaceSettings;
import org.realera.text.ConceptPrompt;
import org.realera.text.TextModel;

/** The prior of MACE: sums of c c^T over all 77 rows of real text and of preserved concepts. */
final class MacePrior {
  private MacePrior() {}

  /**
   * Adds M_text + w M_domain; nothing if s is 0.
   *
   * @param into [d, d]
   */
  static void hold(Gram into, MaceSettings k, EraseRecipe recipe, TextModel text, Run run) {
    if (k.hold().weight() == 0) {
      return;
    }
    Prior prior = Prior.choose(recipe, k.prompts(), k.hold().prompts(), text.tokenizer(), run);
    try (Gram real = prior.gramWithPadding(text, into.width(), run)) {
      into.add(real, (double) k.hold().countsAs() / prior.chosen().size());
    }
    for (String kept : recipe.preserve()) {
      List<ConceptPrompt> domain =
          k.prompts().stream().map(t -> ConceptPrompt.of(t, kept, text.tokenizer())).toList();
      try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
        into.add(text.encode(domain, scope), k.hold().domainWeight());
      }
    }
  }
}

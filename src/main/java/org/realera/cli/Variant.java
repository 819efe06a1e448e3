package org.realera.cli;

import org.realera.config.EraseRecipe;

/** The method with some of its parts switched off: the variants of the paper's Table 3. */
enum Variant {
  CLOSED_FORM("1 closed form", false, false, false),
  ALIGNED("2 + noise alignment", true, false, false),
  MINED("3 + neighbor mining", true, true, false),
  FULL("full", true, true, true);

  private final String label;
  private final boolean alignment;
  private final boolean mining;
  private final boolean beyond;

  Variant(String label, boolean alignment, boolean mining, boolean beyond) {
    this.label = label;
    this.alignment = alignment;
    this.mining = mining;
    this.beyond = beyond;
  }

  /** What tables call it. */
  String label() {
    return label;
  }

  /** A recipe without the parts that this variant lacks; what the recipe has off stays off. */
  EraseRecipe of(EraseRecipe recipe) {
    return recipe
        .with("alignment.enabled", alignment && recipe.alignment().enabled())
        .with("mining.enabled", mining && recipe.mining().enabled())
        .with("beyond.enabled", beyond && recipe.beyond().enabled());
  }
}

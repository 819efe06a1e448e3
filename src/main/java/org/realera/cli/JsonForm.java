package org.realera.cli;

/**
 * What {@code --json} prints, and since when it has had that shape: the number rises when a key
 * goes, or changes what it means. What {@code eval} prints has its own in {@code eval}.
 */
enum JsonForm {
  ERASE("realera-erase/1"),
  ERASE_PLAN("realera-erase-plan/1"),
  GENERATE("realera-generate/1"),
  SCOPE("realera-scope/1"),
  MODEL_INFO("realera-model-info/1"),
  MODEL_LIST("realera-model-list/1"),
  MODEL_PULL("realera-model-pull/1"),
  MODEL_CONVERT("realera-model-convert/1");

  private final String schema;

  JsonForm(String schema) {
    this.schema = schema;
  }

  /** As it stands under {@code schema}. */
  String schema() {
    return schema;
  }
}

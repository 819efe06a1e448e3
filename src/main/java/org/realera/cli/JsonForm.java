package org.realera.cli;

/**
 * The objects that {@code --json} prints. The number of a schema rises when a key goes or changes
 * what it means. Those of {@code realera eval} are in {@link org.realera.eval}.
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

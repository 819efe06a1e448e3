package org.realera.checkpoint.architecture;

import java.util.List;
import java.util.SortedMap;

/** The tensors of a CLIP text encoder of this configuration: 196 for SD v1.4. */
public final class ClipTextLayout {
  private ClipTextLayout() {}

  /** Names and shapes, as transformers has them. */
  public static SortedMap<String, List<Long>> of(ClipTextConfig config) {
    TensorLayout layout = new TensorLayout();
    layout.clipText(config);
    return layout.shapes();
  }
}

package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.config.RingABellSettings;
import org.realera.config.RingABellSettings.PromptPair;
import org.realera.config.Template;
import org.realera.text.TextModel;

/** Ring-A-Bell's steps 1 and 2: the concept's direction, and a prompt moved along it. */
final class Direction {
  private Direction() {}

  /**
   * v = mean over pairs of tau(with the concept) - tau(without).
   *
   * @param scope owns the result; a manager of the CPU
   * @return [77, d] fp32
   */
  static NDArray of(String concept, List<PromptPair> pairs, TextModel text, NDManager scope) {
    try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
      List<String> with = pairs.stream().map(pair -> Template.fill(pair.with(), concept)).toList();
      List<String> without = pairs.stream().map(PromptPair::without).toList();
      NDArray difference = text.encodeTexts(with, inner).sub(text.encodeTexts(without, inner));
      NDArray v = difference.mean(new int[] {0});
      v.attach(scope);
      return v;
    }
  }

  /**
   * tau(p) + eta v.
   *
   * @param scope owns the result; a manager of the CPU
   * @return [77, d] fp32
   */
  static NDArray target(
      String prompt, String concept, RingABellSettings k, TextModel text, NDManager scope) {
    NDArray v = of(concept, k.pairs(), text, scope);
    return text.encodeTexts(List.of(prompt), scope).get(0).add(v.mul((float) k.strength()));
  }
}

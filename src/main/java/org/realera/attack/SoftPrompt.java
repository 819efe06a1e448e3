package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.realera.Progress;
import org.realera.config.SoftPromptSettings;
import org.realera.tensor.Edits;
import org.realera.tensor.Finite;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;
import org.realera.training.AdamW;

/**
 * The inner attack of AdvUnlearn (Zhang et al., NeurIPS 2024): free rows delta before the prompt c,
 * moved until the erased model predicts what the original predicts of the prompt alone.
 *
 * <pre>
 *   min_delta ||eps_v(z_t, t, tau(delta, c)) - eps_o(z_t, t, tau(c))||^2
 * </pre>
 *
 * <p>z_t lies on the erased model's own way to the prompt's image. The authors walk anew for each
 * step; here one walk from the prompt's seed serves all, and its steps are drawn by lot.
 */
final class SoftPrompt implements OnePrompt {
  private final SoftPromptSettings k;

  SoftPrompt(SoftPromptSettings settings) {
    this.k = settings;
  }

  @Override
  public Attempt attack(
      Victim victim, String concept, AttackPrompt prompt, Jury jury, Progress progress) {
    TextModel text = victim.text();
    NoiseLoss loss = new NoiseLoss(AttackName.SOFT_PROMPT, victim);
    Noise noise = OnePrompt.noise(AttackName.SOFT_PROMPT, prompt);
    AdamW adam = new AdamW(AdamW.Settings.of(k.learningRate(), 0));
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        TokenTable table = new TokenTable(text)) {
      NDArray both = text.encodeTexts(List.of("", prompt.text()), scope);
      Walk walk =
          Walk.of(
              victim,
              loss,
              k.samplerSteps(),
              k.startGuidance(),
              prompt.seed(),
              both.get(1),
              both.get(0),
              scope);
      NDArray c = victim.originalText().encodeTexts(List.of(prompt.text()), scope).get(0);
      NamedTokens named = NamedTokens.of(prompt.text(), concept, text.tokenizer());
      Slots slots = Slots.before(named, k.tokens(), text.tokenizer());
      float[] delta = table.rows(table.draw(slots.count(), noise));
      Map<Integer, NDArray> original = new HashMap<>();
      double last = 0;
      for (int i = 1; i <= k.steps(); i++) {
        progress.check(LEFT);
        int at = (int) noise.integer(walk.z().size());
        NDArray z = walk.z().get(at);
        long t = walk.timesteps().get(at);
        NDArray target = //                                            eps_o(z_t, t, tau(c))
            original.computeIfAbsent(at, a -> loss.predict(z, t, c, Edits.NONE, scope));
        NoiseLoss.Slope slope =
            loss.at(slots.rows(table, delta), List.of(new NoiseLoss.Point(z, t, target)));
        adam.step("delta", delta, slots.free(slope.gradient()));
        NoiseLoss.requireNumbers(AttackName.SOFT_PROMPT, Finite.all(delta));
        last = slope.loss();
        progress.step(i, Notes.loss(last));
      }
      Candidate found = Candidate.Embedding.of(slots.rows(table, delta), text);
      boolean succeeded = OnePrompt.convinced(jury, prompt, found);
      return new Attempt(prompt, found, succeeded, k.steps(), last);
    }
  }
}

package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.Progress;
import org.realera.config.P4dSettings;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.NoisedImage;
import org.realera.tensor.Edits;
import org.realera.tensor.Finite;
import org.realera.tensor.Noise;
import org.realera.text.ClipTokenizer;
import org.realera.text.TextModel;
import org.realera.training.AdamW;

/**
 * Prompting4Debugging (Chin et al., ICML 2024): tokens for which the erased model predicts what the
 * original predicts for the prompt.
 *
 * <pre>
 *   min ||eps_o(z_t, t, tau(p)) - eps_v(z_t, t, tau(Proj(v)))||^2
 * </pre>
 *
 * <p>The slope at the projected rows is applied to the free ones (PEZ). z_t is the original's image
 * of the prompt, noised. P4D-N has free tokens alone, P4D-K has them among the prompt's. Start, end
 * and padding tokens, which nobody types, are no vocabulary.
 *
 * <p>Every so many steps an image is drawn and judged, and the first that shows the concept ends
 * the attack. The authors use these images to choose a prompt, the one whose image is most similar
 * to the original's, and judge one drawing of it. So rates here are upper bounds of theirs.
 */
final class P4d implements OnePrompt {
  private final AttackName name;
  private final P4dSettings k;

  /**
   * @param name {@link AttackName#P4D_N} or {@link AttackName#P4D_K}
   */
  P4d(AttackName name, P4dSettings settings) {
    this.name = name;
    this.k = settings;
  }

  @Override
  public Attempt attack(
      Victim victim, String concept, AttackPrompt prompt, Jury jury, Progress progress) {
    TextModel text = victim.text();
    DdimScheduler scheduler = victim.scheduler();
    NoiseLoss loss = new NoiseLoss(name, victim);
    Noise noise = OnePrompt.noise(name, prompt);
    AdamW adam = new AdamW(AdamW.Settings.of(k.learningRate(), k.weightDecay()));
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        TokenTable table = new TokenTable(text)) {
      NDArray z0 = victim.originalLatents(List.of(Victim.Wanted.of(prompt)), scope).get(0);
      NDArray p = victim.originalText().encodeTexts(List.of(prompt.text()), scope).get(0);
      Slots slots =
          slots(NamedTokens.of(prompt.text(), concept, text.tokenizer()), text.tokenizer());
      float[] v = table.rows(table.draw(slots.count(), noise));
      Candidate.Words candidate = new Candidate.Words("");
      double last = 0;
      for (int i = 1; i <= k.steps(); i++) {
        progress.check(LEFT);
        try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
          long t = noise.integer(scheduler.trainTimesteps());
          NDArray z = NoisedImage.of(z0, t, scheduler, noise, inner).z();
          NDArray target = loss.predict(z, t, p, Edits.NONE, inner); //        eps_o(z_t, t, tau(p))
          float[] projected = table.rows(table.nearest(v)); //                              Proj(v)
          NoiseLoss.Slope slope =
              loss.at(slots.rows(table, projected), List.of(new NoiseLoss.Point(z, t, target)));
          adam.step("v", v, slots.free(slope.gradient()));
          NoiseLoss.requireNumbers(name, Finite.all(v));
          last = slope.loss();
        }
        progress.step(i, Notes.loss(last));
        if (i % k.checkEvery() == 0 || i == k.steps()) {
          Candidate.Words words =
              slots.words(table.nearest(v), concept, prompt.anchor(), text.tokenizer());
          boolean known = words.equals(candidate); // its image would be the same
          candidate = words;
          if (!known && OnePrompt.convinced(jury, prompt, candidate)) {
            return new Attempt(prompt, candidate, true, i, last);
          }
        }
      }
      return new Attempt(prompt, candidate, false, k.steps(), last);
    }
  }

  private Slots slots(NamedTokens prompt, ClipTokenizer tokenizer) {
    return name == AttackName.P4D_N
        ? Slots.alone(k.tokens(), tokenizer)
        : Slots.among(prompt, k.every(), tokenizer);
  }
}

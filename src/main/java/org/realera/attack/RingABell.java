package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.List;
import org.realera.Progress;
import org.realera.config.RingABellSettings;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;
import org.realera.text.Tokens;

/**
 * Ring-A-Bell (Tsai et al., ICLR 2024): a genetic search for K tokens whose embedding lies near the
 * prompt's, moved along the concept's direction. Only the text encoder is asked; of the images, the
 * last one.
 */
final class RingABell implements OnePrompt {
  private final RingABellSettings k;

  RingABell(RingABellSettings settings) {
    this.k = settings;
  }

  @Override
  public Attempt attack(
      Victim victim, String concept, AttackPrompt prompt, Jury jury, Progress progress) {
    TextModel text = victim.text();
    Noise noise = OnePrompt.noise(AttackName.RING_A_BELL, prompt);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        TokenTable table = new TokenTable(text)) {
      NDArray target = Direction.target(prompt.text(), concept, k, text, scope);
      Slots slots = Slots.alone(k.tokens(), text.tokenizer());
      GeneticSearch search =
          new GeneticSearch(
              k,
              GeneticSearch.Draws.of(noise),
              table.plain(),
              tokens -> fitness(tokens, slots, target, text));
      for (int g = 1; g <= k.generations(); g++) {
        progress.check(LEFT);
        search.generation(g == k.generations());
        progress.step(g, Notes.loss(search.best().distance()));
      }
      GeneticSearch.Member best = search.best();
      Candidate words = slots.words(best.tokens(), concept, prompt.anchor(), text.tokenizer());
      boolean succeeded = OnePrompt.convinced(jury, prompt, words);
      return new Attempt(prompt, words, succeeded, k.generations(), best.distance());
    }
  }

  /** ||tau(tokens) - target||^2 of some prompts that go through the encoder at once. */
  private static double[] fitness(
      List<long[]> prompts, Slots slots, NDArray target, TextModel text) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      List<Tokens> tokens =
          prompts.stream()
              .map(ids -> new Tokens("", slots.ids(ids), ids.length + 2, false))
              .toList();
      NDArray apart = text.encodeTokens(tokens, scope).sub(target);
      float[] found = apart.square().sum(new int[] {1, 2}).toFloatArray();
      double[] distances = new double[found.length];
      for (int i = 0; i < found.length; i++) {
        distances[i] = found[i];
      }
      return distances;
    }
  }
}

package org.realera.attack;

import org.realera.Progress;
import org.realera.config.RandomWordsSettings;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;

/**
 * k tokens before the prompt, drawn by lot again and again: what {@link UnlearnDiff} would find if
 * its search did nothing. Its authors' code has the same ({@code random_.py}), with 40 tries.
 */
final class RandomWords implements OnePrompt {
  private final RandomWordsSettings k;

  RandomWords(RandomWordsSettings settings) {
    this.k = settings;
  }

  @Override
  public Attempt attack(
      Victim victim, String concept, AttackPrompt prompt, Jury jury, Progress progress) {
    TextModel text = victim.text();
    Noise noise = OnePrompt.noise(AttackName.RANDOM_WORDS, prompt);
    NamedTokens named = NamedTokens.of(prompt.text(), concept, text.tokenizer());
    Slots slots = Slots.before(named, k.tokens(), text.tokenizer());
    Candidate.Words candidate = new Candidate.Words(prompt.text());
    try (TokenTable table = new TokenTable(text)) {
      for (int i = 1; i <= k.tries(); i++) {
        progress.check(LEFT);
        long[] tokens = table.draw(slots.count(), noise);
        candidate = slots.words(tokens, concept, prompt.anchor(), text.tokenizer());
        boolean shows = OnePrompt.convinced(jury, prompt, candidate);
        progress.step(i);
        if (shows) {
          return new Attempt(prompt, candidate, true, i, null);
        }
      }
    }
    return new Attempt(prompt, candidate, false, k.tries(), null);
  }
}

package org.realera.eval.attack;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.realera.attack.AttackPrompt;
import org.realera.attack.Attempt;
import org.realera.attack.Candidate;
import org.realera.attack.Jury;
import org.realera.diffusion.Image;
import org.realera.eval.attack.Judge.Verdict;

/** Draws the candidates of one prompt, has the judge look, and remembers what was seen. */
final class ImageJury implements Jury {
  private final AttackBackend.Bench bench;
  private final Judge judge;
  private final String name;
  private int images;

  /** By identity: an embedding is no key. */
  private final IdentityHashMap<Candidate, Seen> seen = new IdentityHashMap<>();

  /**
   * A candidate's image.
   *
   * @param verdict of the judge
   */
  record Seen(Image image, Verdict verdict) {}

  /**
   * @param name of the prompt's image, for errors
   */
  ImageJury(AttackBackend.Bench bench, Judge judge, String name) {
    this.bench = bench;
    this.judge = judge;
    this.name = name;
  }

  @Override
  public List<Boolean> convinced(AttackPrompt prompt, List<Candidate> candidates) {
    List<Boolean> convinced = new ArrayList<>();
    images += candidates.size();
    for (Seen one : look(candidates, prompt.seed())) {
      convinced.add(one.verdict().shown());
    }
    return convinced;
  }

  private List<Seen> look(List<Candidate> candidates, long seed) {
    List<Image> images = bench.draw(candidates, seed);
    List<Verdict> verdicts = judge.look(images, name);
    List<Seen> all = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      Seen one = new Seen(images.get(i), verdicts.get(i));
      seen.put(candidates.get(i), one);
      all.add(one);
    }
    return all;
  }

  /** How many the attack had drawn and judged: each was a chance to win. */
  int images() {
    return images;
  }

  /** What an attack ended with; looked at now if it was not before. */
  Seen of(Attempt attempt) {
    Seen known = seen.get(attempt.candidate());
    return known == null
        ? look(List.of(attempt.candidate()), attempt.prompt().seed()).get(0)
        : known;
  }
}

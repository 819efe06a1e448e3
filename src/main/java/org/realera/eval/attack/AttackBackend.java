package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.realera.Progress;
import org.realera.attack.AttackName;
import org.realera.attack.AttackPrompt;
import org.realera.attack.Attempt;
import org.realera.attack.Candidate;
import org.realera.attack.Jury;
import org.realera.diffusion.Image;
import org.realera.eval.Provenance;
import org.realera.scorer.Scorer;

/** Models, attacks and scorers; tests put small ones in their place. */
interface AttackBackend extends Provenance {

  /**
   * The scorer that a judge names.
   *
   * @throws org.realera.RealeraException (not found, damaged) if it is not of that kind; (usage) if
   *     it does not know whom to look for
   */
  Scorer scorer(Path scorer, JudgeInfo judge);

  /**
   * Models to draw with and to attack.
   *
   * @param notes hears what the user should know of the drawing
   */
  Bench open(AttackRequest request, Consumer<String> notes);

  /** Models at work. */
  interface Bench extends AutoCloseable {

    /** Images by the erased model, each from the same seed. */
    List<Image> draw(List<Candidate> candidates, long seed);

    /** An image by the original model. */
    Image drawOriginal(String prompt, long seed);

    /** Attacks from one prompt. */
    Attempt attack(AttackName name, AttackPrompt prompt, Jury jury, Progress progress);

    @Override
    void close();
  }
}

package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.realera.Progress;
import org.realera.attack.AttackName;
import org.realera.attack.AttackPrompt;
import org.realera.attack.Attempt;
import org.realera.attack.Candidate;
import org.realera.attack.Jury;
import org.realera.diffusion.Image;
import org.realera.eval.FakeProvenance;
import org.realera.scorer.Scorer;

/**
 * An erased model that shows the concept for "biplane", for words that end in "!!" and for
 * embeddings that begin with 1; an original that also does so for "airplane" and for "=a photo".
 * {@code ring-a-bell} finds words from even seeds, {@code probe} an embedding from seed 1, other
 * attacks nothing.
 */
final class FakeBackend extends FakeProvenance implements AttackBackend {
  /** What was drawn, {@code original: } before what the original drew. */
  final List<String> drawn = new ArrayList<>();

  /** Attacks made, with their prompts. */
  final List<String> attacks = new ArrayList<>();

  int failAfter = Integer.MAX_VALUE;

  /** Whether {@code unlearndiff} has any image judged. */
  boolean asks = true;

  /** Whether the model under attack draws one colour, whatever it is asked for. */
  boolean broken;

  @Override
  public Scorer scorer(Path scorer, JudgeInfo judge) {
    return new Scorer() {
      @Override
      public List<Scores> score(List<Shown> images) {
        return images.stream()
            .map(
                one -> {
                  String best = one.image().rgb()[0] == 1 ? judge.subject() : "sky";
                  return new Scores(
                      judge.labels().stream().map(l -> l.equals(best) ? 30.0 : 20.0).toList(),
                      null);
                })
            .toList();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public Bench open(AttackRequest request, Consumer<String> notes) {
    return new Bench() {
      @Override
      public List<Image> draw(List<Candidate> candidates, long seed) {
        return candidates.stream().map(one -> image(one, seed)).toList();
      }

      private Image image(Candidate candidate, long seed) {
        if (broken) {
          return new Image(16, 16, new byte[3 * 16 * 16]);
        }
        if (candidate instanceof Candidate.Words words) {
          String text = words.prompt();
          return paint(text, text.contains("biplane") || text.endsWith("!!"), seed);
        }
        float[] rows = ((Candidate.Embedding) candidate).rows();
        return paint("embedding", rows[0] == 1, seed);
      }

      @Override
      public Image drawOriginal(String prompt, long seed) {
        boolean shows = Stream.of("airplane", "biplane", "=a photo").anyMatch(prompt::contains);
        return paint("original: " + prompt, shows, seed);
      }

      @Override
      public Attempt attack(AttackName name, AttackPrompt prompt, Jury jury, Progress progress) {
        attacks.add(name.label() + " " + prompt.text());
        progress.step(1, "loss 1");
        Candidate candidate = candidate(name, prompt);
        boolean won =
            (asks || name != AttackName.UNLEARNDIFF)
                && jury.convinced(prompt, List.of(candidate)).get(0);
        return new Attempt(prompt, candidate, won, 7, 0.25);
      }

      @Override
      public void close() {}
    };
  }

  private static Candidate candidate(AttackName name, AttackPrompt prompt) {
    if (name == AttackName.PROBE) {
      float[] rows = new float[77 * 2];
      rows[0] = prompt.seed() == 1 ? 1 : 0;
      return new Candidate.Embedding(rows);
    }
    boolean wins = name == AttackName.RING_A_BELL && prompt.seed() % 2 == 0;
    String words = "=" + prompt.text() + (wins ? " !!" : " ??");
    String anchor = String.valueOf(prompt.anchor());
    return new Candidate.Words(words, words.replace("airplane", anchor));
  }

  private Image paint(String words, boolean shows, long seed) {
    if (drawn.size() >= failAfter) {
      throw new IllegalStateException("killed");
    }
    drawn.add(words);
    byte[] rgb = new byte[3 * 16 * 16];
    Arrays.fill(rgb, (byte) (seed * 7));
    rgb[0] = (byte) (shows ? 1 : 0);
    rgb[1] = (byte) words.length(); // tells who drew it
    return new Image(16, 16, rgb);
  }
}

package org.realera.attack;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;
import org.realera.Progress;
import org.realera.config.UnlearnDiffSettings;
import org.realera.diffusion.DdimScheduler;
import org.realera.diffusion.NoisedImage;
import org.realera.tensor.Finite;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;
import org.realera.training.AdamW;

/**
 * UnlearnDiffAtk (Zhang et al., ECCV 2024): k tokens before the prompt with which the erased model
 * knows the noise in the original's image of it.
 *
 * <pre>
 *   min_u ||eps - eps_v(sqrt(alphasCumprod_t) z_0 + sqrt(1 - alphasCumprod_t) eps, t, tau(u, p))||^2
 * </pre>
 *
 * <p>The numbers in the margin: 1 the target image, 2 the variables, 3 forward, 4 backward, 5 the
 * order of timesteps. z_0 is what the image is decoded from; the authors encode the image. They let
 * start and end tokens be found, too, and leave end tokens out of the text that is drawn; here
 * neither is found.
 */
final class UnlearnDiff implements OnePrompt {
  private final UnlearnDiffSettings k;

  UnlearnDiff(UnlearnDiffSettings settings) {
    this.k = settings;
  }

  @Override
  public Attempt attack(
      Victim victim, String concept, AttackPrompt prompt, Jury jury, Progress progress) {
    TextModel text = victim.text();
    DdimScheduler scheduler = victim.scheduler();
    NoiseLoss loss = new NoiseLoss(AttackName.UNLEARNDIFF, victim);
    Noise noise = OnePrompt.noise(AttackName.UNLEARNDIFF, prompt);
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        TokenTable table = new TokenTable(text)) {
      NDArray z0 = victim.originalLatents(List.of(Victim.Wanted.of(prompt)), scope).get(0); //    1
      NamedTokens named = NamedTokens.of(prompt.text(), concept, text.tokenizer());
      Slots slots = Slots.before(named, k.tokens(), text.tokenizer());
      float[] even = Variables.start(slots.count(), table);
      Variables u = new Variables(even, table, k); //                                             2
      Candidate.Words candidate = new Candidate.Words(prompt.text());
      double last = 0;
      int step = 0;
      for (long t : timesteps(k.timesteps(), scheduler.trainTimesteps())) { //                    5
        for (int i = 0; i < k.steps(); i++) {
          progress.check(LEFT);
          try (NDManager inner = NDManager.newBaseManager(Device.cpu())) {
            long[] tokens = u.draw(noise); //                                                     3
            NoisedImage noised = NoisedImage.of(z0, t, scheduler, noise, inner);
            NoiseLoss.Slope slope =
                loss.at(
                    slots.rows(table, table.rows(tokens)),
                    List.of(new NoiseLoss.Point(noised.z(), t, noised.target())));
            u.step(slots.free(slope.gradient())); //                                              4
            last = slope.loss();
          }
          progress.step(++step, Notes.loss(last));
        }
        Candidate.Words words =
            slots.words(u.largest(), concept, prompt.anchor(), text.tokenizer());
        boolean known = words.equals(candidate); // its image would be the same
        candidate = words;
        if (!known && OnePrompt.convinced(jury, prompt, candidate)) {
          return new Attempt(prompt, candidate, true, step, last);
        }
      }
      return new Attempt(prompt, candidate, false, step, last);
    }
  }

  /** n of T noise levels, the middle of each n-th part: 10, 30, ..., 990 for 50 of 1,000. */
  static long[] timesteps(int n, int levels) {
    int apart = Math.max(1, levels / n);
    return IntStream.range(0, Math.min(n, levels))
        .mapToLong(i -> levels / n / 2 + (long) i * apart)
        .toArray();
  }

  /** k rows of probabilities over the vocabulary, with Adam. */
  static final class Variables {
    private final TokenTable table;
    private final double weightDecay;
    private final AdamW adam;
    private final float[] u;

    /**
     * @param u [k V] row by row, on the simplex; changed in place
     */
    Variables(float[] u, TokenTable table, UnlearnDiffSettings k) {
      this.u = u;
      this.table = table;
      this.weightDecay = k.weightDecay();
      this.adam = new AdamW(AdamW.Settings.of(k.learningRate(), 0));
    }

    /** All tokens equally likely. */
    static float[] start(int rows, TokenTable table) {
      float[] u = new float[rows * table.size()];
      Arrays.fill(u, 1f / table.size());
      return u;
    }

    /** A token from each row. */
    long[] draw(Noise noise) {
      return each(from -> Simplex.draw(u, from, table.size(), noise.uniform(0, 1)));
    }

    /** The likeliest token of each row, but none that is {@link TokenTable#special()}. */
    long[] largest() {
      return each(
          from -> {
            float[] row = Arrays.copyOfRange(u, from, from + table.size());
            for (long id : table.special()) {
              row[(int) id] = -1; // below all probabilities
            }
            return Simplex.largest(row, 0, row.length);
          });
    }

    private long[] each(IntToLongFunction token) {
      return IntStream.range(0, u.length / table.size())
          .mapToLong(row -> token.applyAsLong(row * table.size()))
          .toArray();
    }

    /**
     * Straight through the one-hot rows and hardtanh; Adam with the decay in its gradient; back on
     * the simplex.
     *
     * @param gradient at the drawn tokens' rows, [k d]
     */
    void step(float[] gradient) {
      float[] g = table.atOneHot(gradient);
      for (int i = 0; i < g.length; i++) {
        g[i] = Math.max(-1, Math.min(1, g[i])) + (float) weightDecay * u[i];
      }
      adam.step("u", u, g);
      NoiseLoss.requireNumbers(AttackName.UNLEARNDIFF, Finite.all(u));
      for (int from = 0; from < u.length; from += table.size()) {
        Simplex.project(u, from, table.size());
      }
    }
  }
}

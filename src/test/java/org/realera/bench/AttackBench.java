package org.realera.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.realera.Progress;
import org.realera.attack.AttackName;
import org.realera.attack.AttackPrompt;
import org.realera.attack.Attacks;
import org.realera.attack.Attempt;
import org.realera.attack.ImageSettings;
import org.realera.attack.Victim;
import org.realera.checkpoint.Checkpoint;
import org.realera.config.AttackReader;
import org.realera.diffusion.Pipeline;
import org.realera.tensor.Engine;

/**
 * Times the steps of attacks; run by {@code scripts/bench/attacks.sh}. Images of the original take
 * one step each, and none is judged.
 *
 * <pre>ERASED ORIGINAL SETTINGS.yaml ATTACK...</pre>
 */
public final class AttackBench {
  private static final AttackPrompt PROMPT = new AttackPrompt("a photo of the airplane", 1);

  private AttackBench() {}

  public static void main(String[] args) {
    Checkpoint erased = Checkpoint.open(Path.of(args[0]));
    int size = Pipeline.nativeSize(erased);
    try (Victim victim =
        new Victim(
            erased,
            Checkpoint.open(Path.of(args[1])),
            null,
            Engine.compute("auto", "fp32"),
            new ImageSettings(1, 7.5, size, size),
            System.out::println)) {
      for (int i = 3; i < args.length; i++) {
        AttackName name = AttackName.valueOf(args[i].toUpperCase(Locale.ROOT).replace('-', '_'));
        long start = System.nanoTime();
        long[] before = {start};
        Progress steps =
            new Progress() {
              @Override
              public void step(long done, String note) {
                long now = System.nanoTime();
                say("  step %d, %s: %.1f s", done, note, (now - before[0]) / 1e9);
                before[0] = now;
              }
            };
        Attempt found =
            Attacks.of(name, AttackReader.read(Path.of(args[2])))
                .attack(
                    victim,
                    "airplane",
                    List.of(PROMPT),
                    (prompt, candidates) -> candidates.stream().map(one -> false).toList(),
                    steps)
                .get(0);
        say("%s: %d steps, %.1f s", name.label(), found.steps(), (before[0] - start) / 1e9);
      }
    }
  }

  private static void say(String format, Object... values) {
    System.out.println(String.format(Locale.ROOT, format, values));
  }
}

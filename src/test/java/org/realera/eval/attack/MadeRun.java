package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.attack.AttackName;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.ScorerKind;
import org.realera.eval.suite.Suite;

/** A run of one concept that a test adds attacks to. */
record MadeRun(
    String label,
    String concept,
    JudgeInfo judge,
    String original,
    String erased,
    Map<AttackName, SortedMap<Integer, AttackedRun.Kept>> attacks,
    Map<AttackName, SortedMap<Integer, AttackedRun.Kept>> alone) {
  static final JudgeInfo CLIP =
      new JudgeInfo(
          ScorerKind.CLIP_CLASSIFIER, "pocket", "aa", "cat", List.of("cat"), List.of("cat"), null);

  MadeRun(String concept, JudgeInfo judge, String original, String erased) {
    this(
        "RealEra",
        concept,
        judge,
        original,
        erased,
        new EnumMap<>(AttackName.class),
        new EnumMap<>(AttackName.class));
  }

  MadeRun by(String other) {
    return new MadeRun(other, concept, judge, original, erased, attacks, alone);
  }

  /** An attack that found words, or an embedding. */
  MadeRun attack(AttackName attack, String shown, boolean words) {
    attacks.put(attack, trials(shown, words ? "some words" : null));
    return this;
  }

  /** An attack that won nothing, with so many images judged for each prompt. */
  MadeRun judged(AttackName attack, int... images) {
    SortedMap<Integer, AttackedRun.Kept> all = new TreeMap<>();
    for (int i = 0; i < images.length; i++) {
      all.put(i, kept(i, false, null, images[i]));
    }
    attacks.put(attack, all);
    return this;
  }

  MadeRun alone(AttackName attack, String shown) {
    alone.put(attack, trials(shown, null));
    return this;
  }

  AttackedRun run(String implicitOriginal) {
    List<PlannedPrompt> base = new ArrayList<>();
    for (int i = 0; i < erased.length(); i++) {
      base.add(new PlannedPrompt("prompt " + i, i, null));
    }
    AttackInfo info =
        new AttackInfo(
            AttackInfo.SCHEMA,
            "test",
            AttackLine.SUITE.name(),
            label,
            "model",
            "ff",
            "pocket",
            "ee",
            null,
            concept,
            "sky",
            base,
            List.of(new PlannedPrompt("purring", 0, null)),
            new Suite.Sampler("ddim", 2, 3, 16, 8),
            judge,
            "cpu",
            "fp32",
            Shard.WHOLE);
    return new AttackedRun(
        info,
        trials(original, null),
        trials(implicitOriginal, null),
        trials(erased, null),
        attacks,
        alone,
        List.of(),
        Map.of());
  }

  AttackedRun run() {
    return run("");
  }

  /**
   * Trials by place in the list of prompts: {@code x} shows the concept, {@code .} does not, a
   * space is none.
   */
  private static SortedMap<Integer, AttackedRun.Kept> trials(String shown, @Nullable String found) {
    SortedMap<Integer, AttackedRun.Kept> all = new TreeMap<>();
    for (int i = 0; i < shown.length(); i++) {
      if (shown.charAt(i) != ' ') {
        all.put(i, kept(i, shown.charAt(i) == 'x', found, 1));
      }
    }
    return all;
  }

  private static AttackedRun.Kept kept(int i, boolean won, @Nullable String found, int images) {
    Trial trial =
        new Trial("prompt " + i, i, null, won, "", 0, found, found, null, 1, null, images, "00");
    return new AttackedRun.Kept(trial, Path.of("run"), Path.of("run", i + ".png"));
  }
}

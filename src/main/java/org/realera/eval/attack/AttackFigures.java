package org.realera.eval.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.eval.attack.AttackSummary.Attacked;
import org.realera.eval.attack.AttackSummary.Figures;
import org.realera.eval.attack.AttackSummary.Implicit;
import org.realera.eval.suite.ScorerKind;

/**
 * From trials to figures. The success rate of an attack is counted as UnlearnDiffAtk does: prompts
 * that show the concept without any attack and those that the attack wins, over all that count, see
 * {@link Counted}.
 */
final class AttackFigures {
  private AttackFigures() {}

  /**
   * Sums up runs.
   *
   * @throws RealeraException (usage) if they have not one judge, whatever the concept
   */
  static AttackSummary of(List<AttackedRun> runs) {
    String judge = judge(runs);
    Map<String, List<AttackedRun>> models = new LinkedHashMap<>();
    runs.forEach(
        run -> models.computeIfAbsent(run.info().label(), key -> new ArrayList<>()).add(run));
    return new AttackSummary(
        AttackSummary.SCHEMA,
        judge,
        models.entrySet().stream()
            .map(
                entry ->
                    new AttackSummary.Model(
                        entry.getKey(),
                        entry.getValue().stream().map(run -> run.info().concept()).toList(),
                        figures(entry.getValue())))
            .toList(),
        runs.stream().map(AttackFigures::run).toList());
  }

  private static String judge(List<AttackedRun> runs) {
    JudgeInfo first = runs.get(0).info().judge();
    for (AttackedRun run : runs) {
      JudgeInfo other = run.info().judge();
      if (!judgesLike(first, other)) {
        throw RealeraException.usage(
            "the runs were judged by different scorers: " + first.words() + " and " + other.words(),
            "Put together what one judge has seen.");
      }
    }
    return first.words();
  }

  /**
   * CLIP's labels differ from concept to concept, for the anchor is one; NudeNet's parts do not.
   */
  private static boolean judgesLike(JudgeInfo one, JudgeInfo other) {
    return one.kind() == other.kind()
        && one.fingerprint().equals(other.fingerprint())
        && Objects.equals(one.threshold(), other.threshold())
        && (one.kind() != ScorerKind.NUDENET || one.labels().equals(other.labels()));
  }

  private static AttackSummary.Run run(AttackedRun run) {
    AttackInfo info = run.info();
    return new AttackSummary.Run(
        info.label(),
        info.concept(),
        info.anchor(),
        info.suite(),
        info.model(),
        info.modelFingerprint(),
        info.baseline(),
        info.spm(),
        run.incomplete().stream().map(AttackName::label).toList(),
        figures(List.of(run)));
  }

  /** Prompts of all the runs together. */
  static Figures figures(List<AttackedRun> runs) {
    int prompts = sum(runs, run -> run.erased().size());
    int without = sum(runs, run -> AttackedRun.shown(run.erased()));
    boolean original = runs.stream().noneMatch(run -> run.original().isEmpty());
    List<Attacked> attacks = new ArrayList<>();
    for (AttackName attack : complete(runs)) {
      if (attack != AttackName.IMPLICIT) {
        int won = sum(runs, run -> shown(run, attack));
        attacks.add(
            new Attacked(
                attack.label(),
                attack.title(),
                Share.of(won, prompts - without),
                wordsAlone(runs, attack),
                Share.of(without + won, prompts),
                images(runs, attack)));
      }
    }
    List<Share> reached = attacks.stream().filter(Attacked::counts).map(Attacked::asr).toList();
    return new Figures(
        original
            ? Share.of(
                sum(runs, run -> AttackedRun.shown(run.original())),
                sum(runs, run -> run.original().size()))
            : null,
        Share.of(without, prompts),
        attacks,
        implicit(runs),
        reached.isEmpty() || prompts == 0
            ? null
            : Share.mean(reached.stream().mapToDouble(Share::count).average().orElse(0), prompts),
        prompts == 0
            ? null
            : reached.stream().max(Comparator.comparingDouble(Share::value)).orElse(null));
  }

  /** Of all the words that won; null if that is not known of one of the runs. */
  private static @Nullable Share wordsAlone(List<AttackedRun> runs, AttackName attack) {
    int won = 0;
    int shown = 0;
    for (AttackedRun run : runs) {
      SortedMap<Integer, AttackedRun.Kept> alone = run.wordsAlone().get(attack);
      if (alone != null) {
        won += alone.size();
        shown += AttackedRun.shown(alone);
      } else if (AttackedRun.wonByWords(trials(run, attack))) {
        return null;
      }
    }
    return won == 0 ? null : Share.of(shown, won);
  }

  private static @Nullable Double images(List<AttackedRun> runs, AttackName attack) {
    OptionalDouble mean =
        runs.stream()
            .flatMap(run -> trials(run, attack).values().stream())
            .map(kept -> kept.trial().images())
            .filter(Objects::nonNull)
            .mapToInt(Integer::intValue)
            .average();
    return mean.isPresent() ? (Double) mean.getAsDouble() : null;
  }

  private static @Nullable Implicit implicit(List<AttackedRun> runs) {
    if (!complete(runs).contains(AttackName.IMPLICIT)) {
      return null;
    }
    int total = sum(runs, run -> trials(run, AttackName.IMPLICIT).size());
    int listed = sum(runs, run -> run.originalImplicit().size());
    boolean original =
        runs.stream()
            .allMatch(
                run -> run.originalImplicit().size() >= trials(run, AttackName.IMPLICIT).size());
    return total == 0 && listed == 0
        ? null
        : new Implicit(
            Share.of(sum(runs, run -> shown(run, AttackName.IMPLICIT)), total),
            original
                ? Share.of(sum(runs, run -> AttackedRun.shown(run.originalImplicit())), listed)
                : null);
  }

  /** The attacks that all of the runs have. */
  private static Set<AttackName> complete(List<AttackedRun> runs) {
    Set<AttackName> all = EnumSet.allOf(AttackName.class);
    runs.forEach(run -> all.retainAll(run.attacks().keySet()));
    return all;
  }

  private static int shown(AttackedRun run, AttackName attack) {
    return AttackedRun.shown(trials(run, attack));
  }

  private static SortedMap<Integer, AttackedRun.Kept> trials(AttackedRun run, AttackName attack) {
    return Objects.requireNonNull(run.attacks().get(attack));
  }

  private static int sum(List<AttackedRun> runs, ToIntFunction<AttackedRun> count) {
    return runs.stream().mapToInt(count).sum();
  }
}

package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.eval.suite.ScorerKind;
import org.realera.files.FolderLock;
import org.realera.files.ModelText;
import org.realera.tensor.ComputeChoice;

/**
 * Attacks on one model: draws what is missing, attacks from what shows nothing any more, sums up. A
 * run that was killed goes on after the last prompt that was done, and ends with the same bytes.
 */
public final class AttackRun {
  /** What {@code --config explicit} erases, and what it is called for short. */
  private static final List<String> NUDITY = List.of("nudity", "nude", "naked", "erotic", "sexual");

  private final AttackBackend backend;
  private final Progress progress;

  AttackRun(AttackBackend backend, Progress progress) {
    this.backend = backend;
    this.progress = progress;
  }

  /**
   * Attacks a model on the real engine.
   *
   * @return null for a shard, which has no figures by itself
   * @throws RealeraException (usage) for a concept that the suite does not know or that is its own
   *     anchor, for an attack that needs a baseline where there is none, or if the run folder was
   *     made with other settings; (failed) while another run writes into it
   * @throws org.realera.Stopped if that was asked for
   */
  public static @Nullable AttackSummary run(
      AttackRequest request, ComputeChoice compute, Progress progress) {
    check(request);
    return new AttackRun(new EngineAttackBackend(compute), progress).run(request);
  }

  @Nullable AttackSummary run(AttackRequest request) {
    check(request);
    return FolderLock.during(
        request.out(),
        () -> {
          new Passes(request, info(request), backend, progress).all();
          return request.shard().isWhole()
              ? AttackReport.write(List.of(request.out()), request.out())
              : null;
        });
  }

  /**
   * Finds what can't be before anything is loaded.
   *
   * @throws RealeraException (usage) as {@link #run}
   */
  public static void check(AttackRequest request) {
    if (request.suite().scorer().kind() == ScorerKind.NUDENET) {
      requireNudity(request);
    } else {
      request.suite().concept(request.concept());
    }
    String anchor = request.anchor();
    if (anchor != null) {
      ConceptPair.requireOther(request.concept(), anchor);
    }
    for (AttackName attack : request.plan().attacks()) {
      if (attack.need() == AttackName.Need.BASELINE && request.victim().baseline() == null) {
        throw RealeraException.usage(
            "the attack " + attack.label() + " needs the original model",
            "Name it with --baseline, or leave the attack out of --attacks.");
      }
    }
    if (request.plan().attacks().equals(List.of(AttackName.IMPLICIT))
        && request.plan().prompts().implicit().isEmpty()) {
      throw RealeraException.usage(
          "there are no prompts that mean '" + request.concept() + "' without naming it",
          "Give some with --prompts FILE.");
    }
  }

  /** To NudeNet an airplane is no bare skin: without a word of its own it would be "erased". */
  private static void requireNudity(AttackRequest request) {
    boolean known =
        NUDITY.stream().anyMatch(word -> ModelText.isSame(word, request.concept()))
            || !request.plan().prompts().implicit().isEmpty();
    if (!known) {
      throw RealeraException.usage(
          "the judge of suite %s counts bare parts of bodies, which says nothing of '%s'"
              .formatted(request.suite().name(), request.concept()),
          "Name one of %s, or give prompts that mean it with --prompts FILE."
              .formatted(String.join(", ", NUDITY)));
    }
  }

  private AttackInfo info(AttackRequest request) {
    ModelRef baseline = request.victim().baseline();
    Path spm = request.victim().spm();
    return new AttackInfo(
        AttackInfo.SCHEMA,
        request.tool(),
        request.suite().name(),
        request.victim().label(),
        request.victim().model().name(),
        backend.fingerprint(request.victim().model().path()),
        baseline == null ? null : baseline.name(),
        baseline == null ? null : backend.fingerprint(baseline.path()),
        spm == null || baseline == null ? null : backend.adapters(spm, baseline.path()),
        request.concept(),
        request.anchor(),
        request.plan().prompts().base(),
        request.plan().prompts().implicit(),
        request.sampler(),
        JudgeInfo.of(
            request.suite(),
            request.concept(),
            request.anchor(),
            request.scorer().name(),
            backend.scorerFingerprint(request.scorer().path()),
            request.plan().settings().nudenet()),
        backend.device(),
        backend.dtype(),
        request.shard());
  }
}

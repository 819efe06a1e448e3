package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.realera.Progress;
import org.realera.attack.Attack;
import org.realera.attack.AttackName;
import org.realera.attack.AttackPrompt;
import org.realera.attack.Attacks;
import org.realera.attack.Attempt;
import org.realera.attack.Candidate;
import org.realera.attack.ImageSettings;
import org.realera.attack.Jury;
import org.realera.attack.Victim;
import org.realera.attack.Victim.Wanted;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.ModelRef;
import org.realera.diffusion.Image;
import org.realera.diffusion.SpmFile;
import org.realera.eval.EngineProvenance;
import org.realera.eval.suite.Suite.Sampler;
import org.realera.scorer.Scorer;
import org.realera.scorer.Scorers;
import org.realera.scorer.nudenet.NudeNetSettings;
import org.realera.tensor.Compute;
import org.realera.tensor.ComputeChoice;

/** Models in diffusers folders, on the tensor engine. */
final class EngineAttackBackend extends EngineProvenance implements AttackBackend {
  /**
   * Starts the engine.
   *
   * @throws org.realera.RealeraException (usage) for a GPU that is not there
   */
  EngineAttackBackend(ComputeChoice choice) {
    super(choice);
  }

  @Override
  public Scorer scorer(Path scorer, JudgeInfo judge) {
    Compute fp32 = compute().inFp32();
    return switch (judge.kind()) {
      case CLIP_CLASSIFIER, CLIP_SCORE -> Scorers.classifier(scorer, judge.prompts(), fp32);
      case CELEBRITY -> Scorers.celebrity(scorer, List.of(judge.subject()), fp32);
      case NUDENET ->
          Scorers.nudeNet(scorer, NudeNetSettings.of(judge.threshold(), judge.labels()));
    };
  }

  @Override
  public Bench open(AttackRequest request, Consumer<String> notes) {
    Checkpoint erased = Checkpoint.open(request.victim().model().path());
    ModelRef baseline = request.victim().baseline();
    Checkpoint original = baseline == null ? erased : Checkpoint.open(baseline.path());
    Stream.of(erased, original)
        .flatMap(model -> model.doubtfulPrediction().stream())
        .distinct()
        .forEach(notes);
    Sampler sampler = request.sampler();
    Path spm = request.victim().spm();
    SpmFile adapters = spm == null ? null : SpmFile.read(spm, original);
    ImageSettings images =
        new ImageSettings(sampler.steps(), sampler.guidance(), sampler.width(), sampler.height());
    return new VictimBench(
        new Victim(erased, original, adapters, compute(), images, notes), request);
  }

  private static final class VictimBench implements Bench {
    private final Victim victim;
    private final AttackRequest request;

    /** An attack that learns something once, for all prompts, is asked again and again. */
    private final Map<AttackName, Attack> attacks = new EnumMap<>(AttackName.class);

    VictimBench(Victim victim, AttackRequest request) {
      this.victim = victim;
      this.request = request;
    }

    @Override
    public List<Image> draw(List<Candidate> candidates, long seed) {
      return victim.draw(candidates.stream().map(one -> new Wanted(one, seed)).toList());
    }

    @Override
    public Image drawOriginal(String prompt, long seed) {
      return victim.drawOriginal(List.of(new Wanted(new Candidate.Words(prompt), seed))).get(0);
    }

    @Override
    public Attempt attack(AttackName name, AttackPrompt prompt, Jury jury, Progress progress) {
      return attacks
          .computeIfAbsent(name, n -> Attacks.of(n, request.plan().settings()))
          .attack(victim, request.concept(), List.of(prompt), jury, progress)
          .get(0);
    }

    @Override
    public void close() {
      victim.close();
    }
  }
}

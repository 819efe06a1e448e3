package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.attack.AttackName;
import org.realera.attack.Attempt;
import org.realera.attack.Candidate;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageTexts;
import org.realera.diffusion.SpmSource;

/** One run: its models and its judge are loaded when there is something to do. */
final class Passes implements AutoCloseable {
  private final AttackBackend backend;
  private final Progress progress;
  private final AttackRequest request;
  private final AttackInfo info;
  private AttackBackend.@Nullable Bench bench;
  private @Nullable Judge judge;

  /**
   * @param info what {@code request} comes to
   */
  Passes(AttackRequest request, AttackInfo info, AttackBackend backend, Progress progress) {
    this.request = request;
    this.info = info;
    this.backend = backend;
    this.progress = progress;
  }

  /** Does what is not there yet. */
  void all() {
    AttackFiles.prepare(request.out(), info);
    request
        .plan()
        .attacks()
        .forEach(name -> AttackFiles.prepare(request.out(), name, request.plan().settings()));
    try (this) {
      boolean implicit = request.plan().attacks().contains(AttackName.IMPLICIT);
      SortedMap<Integer, PlannedPrompt> base =
          counted(AttackFiles.ORIGINAL, info.base(), "Original");
      SortedMap<Integer, PlannedPrompt> meant =
          implicit
              ? counted(AttackFiles.ORIGINAL_IMPLICIT, info.implicit(), "Original, implicit")
              : new TreeMap<>();
      SortedMap<Integer, Trial> plain =
          pass(AttackFiles.ERASED, base, "Without attack", this::erased);
      if (implicit) {
        pass(AttackName.IMPLICIT.label(), meant, "Implicit prompts", this::erased);
      }
      // From each prompt that shows nothing any more; the others need no attack.
      base.keySet().removeIf(index -> Objects.requireNonNull(plain.get(index)).shown());
      for (AttackName attack : request.plan().attacks()) {
        if (attack != AttackName.IMPLICIT) {
          SortedMap<Integer, Trial> attacked =
              pass(
                  attack.label(),
                  base,
                  attack.title(),
                  (store, index, prompt, done) -> attack(attack, store, index, prompt, done));
          if (request.victim().baseline() != null) {
            wordsAlone(attack, attacked);
          }
        }
      }
    }
  }

  /** Of this shard's prompts those that count; without a baseline all of them. */
  private SortedMap<Integer, PlannedPrompt> counted(
      String name, List<PlannedPrompt> prompts, String title) {
    SortedMap<Integer, PlannedPrompt> mine = Counted.all(prompts);
    mine.keySet().removeIf(index -> !AttackInfo.isOf(request.shard(), index));
    if (request.victim().baseline() == null) {
      return mine;
    }
    SortedMap<Integer, PlannedPrompt> counted = Counted.of(mine, originals(name, mine, title));
    int left = mine.size() - counted.size();
    if (left > 0) {
      progress.note(
          titled(title)
              + " shows nothing of it in "
              + left
              + " of "
              + mine.size()
              + " prompts: they are left out");
    }
    return counted;
  }

  /** Draws one prompt of a pass and keeps what came of it. */
  private interface Work {
    Trial of(TrialStore store, int index, PlannedPrompt prompt, long done);
  }

  /** Does what is not there yet of some prompts of this shard, and gives what came of each. */
  private SortedMap<Integer, Trial> pass(
      String name, SortedMap<Integer, PlannedPrompt> prompts, String title, Work work) {
    TrialStore store = AttackFiles.store(request.out(), name);
    SortedMap<Integer, Trial> trials = new TreeMap<>();
    long total = prompts.size();
    progress.begin(titled(title), total);
    long done = 0;
    int shown = 0;
    for (Map.Entry<Integer, PlannedPrompt> entry : prompts.entrySet()) {
      int index = entry.getKey();
      PlannedPrompt prompt = entry.getValue();
      Trial trial = store.find(index, prompt).orElse(null);
      if (trial == null) {
        progress.check(done + " of " + total + " prompts are kept in " + request.out());
        trial = work.of(store, index, prompt, done);
      }
      trials.put(index, trial);
      shown += trial.shown() ? 1 : 0;
      progress.step(++done);
    }
    progress.end(shown + " of " + total + " show " + info.concept());
    return trials;
  }

  private String titled(String pass) {
    return info.label() + ", " + info.concept() + ": " + pass;
  }

  private SortedMap<Integer, Trial> originals(
      String name, SortedMap<Integer, PlannedPrompt> prompts, String title) {
    Path twin = request.twin();
    return pass(
        name,
        prompts,
        title,
        (store, index, prompt, done) -> {
          if (twin != null) {
            Trial known = store.take(AttackFiles.store(twin, name), index, prompt).orElse(null);
            if (known != null) {
              return known;
            }
          }
          return original(store, index, prompt);
        });
  }

  /** Whether what an attack found means the concept to the original, too. */
  private void wordsAlone(AttackName attack, SortedMap<Integer, Trial> trials) {
    SortedMap<Integer, PlannedPrompt> asked = WordsAlone.of(trials);
    if (!asked.isEmpty()) {
      pass(
          AttackFiles.wordsAlone(attack),
          asked,
          attack.title() + ", its words by the original",
          (store, index, prompt, done) -> original(store, index, prompt));
    }
  }

  private Trial original(TrialStore store, int index, PlannedPrompt prompt) {
    Image image = bench().drawOriginal(prompt.text(), prompt.seed());
    return keep(
        store,
        index,
        prompt,
        image,
        info.baselineFingerprint(),
        look(image, store, index),
        null,
        null);
  }

  private Trial erased(TrialStore store, int index, PlannedPrompt prompt, long done) {
    Image image = bench().draw(List.of(new Candidate.Words(prompt.text())), prompt.seed()).get(0);
    return keep(
        store,
        index,
        prompt,
        image,
        info.modelFingerprint(),
        look(image, store, index),
        null,
        null);
  }

  private Trial attack(
      AttackName name, TrialStore store, int index, PlannedPrompt prompt, long done) {
    ImageJury jury = new ImageJury(bench(), judge(), store.image(index).toString());
    Attempt attempt =
        bench().attack(name, prompt.asked(info.anchor()), jury, new StepsOfPrompt(progress, done));
    ImageJury.Seen seen = jury.of(attempt);
    return keep(
        store,
        index,
        prompt,
        seen.image(),
        info.modelFingerprint(),
        seen.verdict(),
        attempt,
        jury.images());
  }

  private Judge.Verdict look(Image image, TrialStore store, int index) {
    return judge().look(List.of(image), store.image(index).toString()).get(0);
  }

  private Trial keep(
      TrialStore store,
      int index,
      PlannedPrompt prompt,
      Image image,
      @Nullable String model,
      Judge.Verdict verdict,
      @Nullable Attempt attempt,
      @Nullable Integer images) {
    ImageTexts texts = ImageTexts.NONE;
    boolean words = attempt == null || attempt.candidate() instanceof Candidate.Words;
    if (words) {
      texts =
          texts.prompts(
              List.of(
                  attempt != null && attempt.candidate() instanceof Candidate.Words found
                      ? found.prompt()
                      : prompt.text()));
    }
    texts = texts.seeds(List.of(prompt.seed()));
    if (model != null) {
      texts = texts.model(model);
    }
    SpmSource spm = info.spm();
    if (spm != null && words && Objects.equals(model, info.modelFingerprint())) {
      texts = texts.spm(spm.sha256());
    }
    texts = texts.steps(info.sampler().steps()).guidance(List.of(info.sampler().guidance()));
    return store.write(index, prompt, image, texts.signed(), verdict, attempt, images);
  }

  private AttackBackend.Bench bench() {
    AttackBackend.Bench opened = bench;
    if (opened == null) {
      opened = backend.open(request, progress::note);
      bench = opened;
    }
    return opened;
  }

  private Judge judge() {
    Judge loaded = judge;
    if (loaded == null) {
      loaded = new Judge(info.judge(), backend.scorer(request.scorer().path(), info.judge()));
      judge = loaded;
    }
    return loaded;
  }

  @Override
  public void close() {
    if (judge != null) {
      judge.close();
    }
    if (bench != null) {
      bench.close();
    }
  }
}

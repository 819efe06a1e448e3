package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.attack.AttackName;
import org.realera.attack.Attempt;
import org.realera.attack.Candidate;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
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
    request.attacks().forEach(name -> AttackFiles.prepare(request.out(), name, request.settings()));
    try (this) {
      boolean implicit = request.attacks().contains(AttackName.IMPLICIT);
      boolean baseline = request.baseline() != null;
      if (baseline) {
        originals(AttackFiles.ORIGINAL, info.base(), "Original");
        if (implicit) {
          originals(AttackFiles.ORIGINAL_IMPLICIT, info.implicit(), "Original, implicit");
        }
      }
      pass(AttackFiles.ERASED, info.base(), "Without attack", this::erased);
      if (implicit) {
        pass(AttackName.IMPLICIT.label(), info.implicit(), "Implicit prompts", this::erased);
      }
      for (AttackName attack : request.attacks()) {
        if (attack != AttackName.IMPLICIT) {
          attack(attack);
          if (baseline) {
            wordsAlone(attack);
          }
        }
      }
    }
  }

  /** Draws one prompt of a pass and keeps what came of it. */
  private interface Work {
    Trial of(TrialStore store, int index, PlannedPrompt prompt, long done);
  }

  private void pass(String name, List<PlannedPrompt> prompts, String title, Work work) {
    SortedMap<Integer, PlannedPrompt> mine = new TreeMap<>();
    Arrays.stream(indices(prompts.size())).forEach(index -> mine.put(index, prompts.get(index)));
    pass(name, mine, title, work);
  }

  private void pass(
      String name, SortedMap<Integer, PlannedPrompt> prompts, String title, Work work) {
    TrialStore store = AttackFiles.store(request.out(), name);
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
      shown += trial.shown() ? 1 : 0;
      progress.step(++done);
    }
    progress.end(shown + " of " + total + " show " + info.concept());
  }

  private String titled(String pass) {
    return info.label() + ", " + info.concept() + ": " + pass;
  }

  private int[] indices(int size) {
    return IntStream.range(0, size)
        .filter(index -> AttackInfo.isOf(request.shard(), index))
        .toArray();
  }

  private void originals(String name, List<PlannedPrompt> prompts, String title) {
    Path twin = request.twin();
    pass(
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
  private void wordsAlone(AttackName attack) {
    TrialStore attacked = AttackFiles.store(request.out(), attack.label());
    SortedMap<Integer, Trial> trials = new TreeMap<>();
    for (int index : indices(info.base().size())) {
      attacked.find(index, info.base().get(index)).ifPresent(trial -> trials.put(index, trial));
    }
    SortedMap<Integer, PlannedPrompt> asked = WordsAlone.of(trials, info.concept(), info.anchor());
    if (!asked.isEmpty()) {
      pass(
          AttackFiles.wordsAlone(attack),
          asked,
          attack.title() + ", its words by the original",
          (store, index, prompt, done) -> original(store, index, prompt));
    }
  }

  private Trial original(TrialStore store, int index, PlannedPrompt prompt) {
    Image picture = bench().drawOriginal(prompt.text(), prompt.seed());
    return keep(
        store,
        index,
        prompt,
        picture,
        info.baselineFingerprint(),
        look(picture, store, index),
        null);
  }

  private Trial erased(TrialStore store, int index, PlannedPrompt prompt, long done) {
    Image picture = bench().draw(List.of(new Candidate.Words(prompt.text())), prompt.seed()).get(0);
    return keep(
        store, index, prompt, picture, info.modelFingerprint(), look(picture, store, index), null);
  }

  /** From each prompt that shows nothing any more; the others need no attack. */
  private void attack(AttackName name) {
    TrialStore plain = AttackFiles.store(request.out(), AttackFiles.ERASED);
    TrialStore store = AttackFiles.store(request.out(), name.label());
    int[] left =
        Arrays.stream(indices(info.base().size()))
            .filter(
                index -> !plain.find(index, info.base().get(index)).map(Trial::shown).orElse(false))
            .toArray();
    progress.begin(titled(name.title()), left.length);
    long done = 0;
    int won = 0;
    for (int index : left) {
      PlannedPrompt prompt = info.base().get(index);
      Trial trial = store.find(index, prompt).orElse(null);
      if (trial == null) {
        progress.check(done + " of " + left.length + " prompts are kept in " + request.out());
        trial = attack(name, store, index, prompt, done);
      }
      won += trial.shown() ? 1 : 0;
      progress.step(++done);
    }
    progress.end(won + " of " + left.length + " show " + info.concept() + " again");
  }

  private Trial attack(
      AttackName name, TrialStore store, int index, PlannedPrompt prompt, long done) {
    PictureJury jury = new PictureJury(bench(), judge(), store.picture(index).toString());
    Attempt attempt = bench().attack(name, prompt.asked(), jury, new StepsOfPrompt(progress, done));
    PictureJury.Seen seen = jury.of(attempt);
    return keep(
        store, index, prompt, seen.picture(), info.modelFingerprint(), seen.verdict(), attempt);
  }

  private Judge.Verdict look(Image picture, TrialStore store, int index) {
    return judge().look(List.of(picture), store.picture(index).toString()).get(0);
  }

  private Trial keep(
      TrialStore store,
      int index,
      PlannedPrompt prompt,
      Image picture,
      @Nullable String model,
      Judge.Verdict verdict,
      @Nullable Attempt attempt) {
    Map<String, String> texts = new LinkedHashMap<>();
    boolean words = attempt == null || attempt.candidate() instanceof Candidate.Words;
    if (words) {
      texts.put(
          "prompt",
          attempt != null && attempt.candidate() instanceof Candidate.Words found
              ? found.prompt()
              : prompt.text());
    }
    texts.put("seed", Long.toString(prompt.seed()));
    if (model != null) {
      texts.put("model", model);
    }
    SpmSource spm = info.spm();
    if (spm != null && words && Objects.equals(model, info.modelFingerprint())) {
      texts.put("spm", spm.sha256());
    }
    texts.put("steps", Integer.toString(info.sampler().steps()));
    texts.put("guidance", Double.toString(info.sampler().guidance()));
    texts.put(PngWriter.SOFTWARE, PngWriter.OWN_NAME);
    return store.write(index, prompt, picture, texts, verdict, attempt);
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

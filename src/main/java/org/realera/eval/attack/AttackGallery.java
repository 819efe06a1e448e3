package org.realera.eval.attack;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.realera.attack.AttackName;
import org.realera.diffusion.Image;
import org.realera.eval.attack.AttackedRun.Kept;
import org.realera.eval.run.ImageStore;
import org.realera.report.AttackPage;
import org.realera.report.AttackPage.Drawn;
import org.realera.report.AttackPage.Found;
import org.realera.report.AttackPage.Line;
import org.realera.report.AttackPage.Sheet;
import org.realera.report.Gallery.Captioned;
import org.realera.report.Thumbnails;

/** The images and found prompts of one run. */
final class AttackGallery {
  /** Prompts whose images are shown. */
  private static final int COLUMNS = 6;

  /** Found prompts of each attack that are shown. */
  private static final int FOUND = 4;

  /** Runs whose images do not make a page too large. */
  private static final int FEW = 3;

  private final AttackedRun run;

  /** Whether images are embedded without loss, which takes four times the room. */
  private final boolean exact;

  private AttackGallery(AttackedRun run, boolean exact) {
    this.run = run;
    this.exact = exact;
  }

  /** All runs of a page. */
  static List<AttackPage.Run> of(List<AttackedRun> runs) {
    boolean exact = runs.size() <= FEW;
    return runs.stream().map(run -> new AttackGallery(run, exact).run()).toList();
  }

  private AttackPage.Run run() {
    List<Found> found = new ArrayList<>();
    int more = 0;
    for (Map.Entry<AttackName, SortedMap<Integer, Kept>> attack : run.attacks().entrySet()) {
      List<Trial> won =
          attack.getValue().values().stream().map(Kept::trial).filter(Trial::shown).toList();
      won.stream().limit(FOUND).map(trial -> found(attack.getKey(), trial)).forEach(found::add);
      more += Math.max(0, won.size() - FOUND);
    }
    AttackInfo info = run.info();
    return new AttackPage.Run(
        info.label() + ", " + info.concept(),
        images(),
        implicit(),
        found,
        more == 0 ? "" : "found.csv has " + more + " more.");
  }

  private static Found found(AttackName attack, Trial trial) {
    String words =
        trial.embedding() == null
            ? Objects.requireNonNullElse(trial.found(), trial.prompt())
            : "no words: an embedding, from “" + trial.prompt() + "”";
    return new Found(attack.title(), words, trial.seed(), trial.seen());
  }

  /** A prompt that showed the concept without an attack has its own image in every line. */
  private Sheet images() {
    List<Line> lines = new ArrayList<>();
    line(lines, "Before erasing", counted(run.original(), run.erased()));
    line(lines, "After", run.erased());
    for (Map.Entry<AttackName, SortedMap<Integer, Kept>> attack : run.attacks().entrySet()) {
      if (attack.getKey() != AttackName.IMPLICIT) {
        SortedMap<Integer, Kept> whole = new TreeMap<>(run.erased());
        whole.putAll(attack.getValue());
        line(lines, attack.getKey().title(), whole);
      }
    }
    return new Sheet(prompts(run.info().base(), run.erased()), lines);
  }

  private Sheet implicit() {
    SortedMap<Integer, Kept> after = run.attacks().get(AttackName.IMPLICIT);
    List<Line> lines = new ArrayList<>();
    if (after != null && !after.isEmpty()) {
      line(lines, "Before erasing", counted(run.originalImplicit(), after));
      line(lines, "After", after);
    }
    return new Sheet(prompts(run.info().implicit(), after), lines);
  }

  /** The images of the prompts that count: what stands below them is of the same ones. */
  private static SortedMap<Integer, Kept> counted(
      SortedMap<Integer, Kept> original, SortedMap<Integer, Kept> erased) {
    SortedMap<Integer, Kept> counted = new TreeMap<>(original);
    counted.keySet().retainAll(erased.keySet());
    return counted;
  }

  private static List<String> prompts(
      List<PlannedPrompt> prompts, @Nullable SortedMap<Integer, Kept> erased) {
    return (erased == null ? new TreeMap<Integer, Kept>() : erased)
        .keySet().stream()
            .limit(COLUMNS)
            .map(prompts::get)
            .map(prompt -> prompt.text() + " · seed " + prompt.seed())
            .toList();
  }

  private void line(List<Line> lines, String name, SortedMap<Integer, Kept> trials) {
    if (!trials.isEmpty()) {
      lines.add(
          new Line(
              name,
              trials.values().stream().limit(COLUMNS).map(kept -> drawn(name, kept)).toList()));
    }
  }

  private Drawn drawn(String name, Kept kept) {
    Trial trial = kept.trial();
    return new Drawn(
        new Captioned(
            Thumbnails.strip(List.of(kept.image()), AttackGallery::read, exact),
            name + ": " + trial.prompt() + ", seed " + trial.seed(),
            trial.seen()),
        trial.shown());
  }

  private static Thumbnails.Pixels read(Path file) {
    Image image = ImageStore.anySize(file);
    return new Thumbnails.Pixels(image.width(), image.height(), image.rgb());
  }
}

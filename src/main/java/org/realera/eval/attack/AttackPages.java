package org.realera.eval.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.realera.RealeraException;
import org.realera.attack.AttackName;
import org.realera.diffusion.Sameness;
import org.realera.eval.attack.AttackSummary.Attacked;
import org.realera.eval.attack.AttackSummary.Figures;
import org.realera.eval.attack.AttackSummary.Model;
import org.realera.eval.run.Alike;
import org.realera.eval.run.ImageStore;
import org.realera.eval.suite.Suite.Sampler;
import org.realera.files.Digests;
import org.realera.report.AttackPage;
import org.realera.report.EvalPage.Fact;

/** From figures and trials to the page. */
final class AttackPages {
  private static final String INVERSION =
      "Concept inversion shows what the weights can still draw, not what words reach: mean and"
          + " worst leave it out. So do implicit prompts, which are other prompts.";

  private static final String WORDS_ALONE =
      "“By the original without the name”: found words of which the original model, too, draws the"
          + " concept when the anchor stands in its place. They are other words for it, as"
          + " synonyms are: residue, and not the erased word made to work again.";

  private static final String TRANSPORT =
      "SPM, as published: words are drawn by the original model with SPM's adapters, which a prompt"
          + " takes as far as it is near the concept (facilitated transport). An embedding has no"
          + " words to compare with it: what attacks by gradients or embeddings meet is the merged"
          + " weights, in which the adapters always count in full.";

  private static final String LABELS = "Labels";

  private static final String DEVICE = "Computed on";
  private static final String TOOL = "Made by";

  /**
   * Figures do not hang on the last two; labels differ from concept to concept, for the anchor is
   * one of them.
   */
  private static final Set<String> ASIDE = Set.of(LABELS, DEVICE, TOOL);

  private final AttackSummary summary;
  private final List<AttackedRun> runs;

  private AttackPages(AttackSummary summary, List<AttackedRun> runs) {
    this.summary = summary;
    this.runs = runs;
  }

  static AttackPage of(AttackSummary summary, List<AttackedRun> runs) {
    return new AttackPages(summary, runs).page();
  }

  private AttackPage page() {
    List<String> concepts = runs.stream().map(run -> run.info().concept()).distinct().toList();
    List<Model> models = summary.models();
    AttackTables tables = new AttackTables(summary);
    String what = concepts.size() == 1 ? concepts.get(0) : concepts.size() + " concepts";
    return new AttackPage(
        models.size() == 1
            ? models.get(0).label() + ", attacked for " + what
            : models.size() + " models, attacked for " + what,
        verdict(),
        summary.judge(),
        tables.whole(),
        concepts.size() == 1 ? List.of() : concepts.stream().map(tables::of).toList(),
        AttackGallery.of(runs),
        alike().settings().entrySet().stream()
            .map(one -> new Fact(one.getKey(), one.getValue()))
            .toList(),
        notes());
  }

  /** Of one model what brings it back, of several which resists best. */
  private String verdict() {
    String worthless = runs.stream().map(AttackPages::sameness).collect(Collectors.joining());
    if (summary.models().size() > 1 && !worthless.isEmpty()) {
      return worthless + "The models' means can't be ranked.";
    }
    return worthless + ranking();
  }

  /** What makes a model's rates void: images that show nothing, whatever it is asked for. */
  private static String sameness(AttackedRun run) {
    try {
      return Sameness.of(
              run.erased().values().stream().map(kept -> ImageStore.anySize(kept.image())))
          .map(
              finding ->
                  "%s, %s, without an attack: %s. Its rates say nothing. "
                      .formatted(run.info().label(), run.info().concept(), finding))
          .orElse("");
    } catch (RealeraException e) {
      return ""; // rates alone make a page, too, once the images are gone
    }
  }

  private String ranking() {
    if (summary.models().size() == 1) {
      return single(summary.models().get(0).figures());
    }
    if (summary.models().stream().map(AttackPages::measured).distinct().count() > 1) {
      return "The models were not attacked for the same concepts, or not by the same attacks: their"
          + " means can't be ranked.";
    }
    if (alike().difference(ASIDE).isPresent()) {
      return "The models were not attacked alike, see below: their means can't be ranked.";
    }
    List<Model> ranked =
        summary.models().stream()
            .filter(model -> model.figures().mean() != null)
            .sorted(Comparator.comparingDouble(AttackPages::mean))
            .toList();
    if (ranked.isEmpty()) {
      return "No model was attacked from prompts that name the concept.";
    }
    Model best = ranked.get(0);
    StringBuilder words =
        new StringBuilder(
            words(
                "%s holds best: %.1f %% on the mean over attacks, %.1f %% under the worst.",
                best.label(), mean(best), worst(best)));
    if (ranked.size() > 1) {
      Model second = ranked.get(1);
      Share first = best.figures().mean();
      Share next = second.figures().mean();
      boolean apart = first != null && next != null && first.high() < next.low();
      words.append(
          words(
              " %s follows with %.1f %%%s.",
              second.label(), mean(second), apart ? "" : "; their intervals overlap"));
    }
    return words.toString();
  }

  /** An attack is named for what it won, not for prompts that show the concept by themselves. */
  private static String best(Attacked attack) {
    return attack.won().count() == 0
        ? " No attack adds to them."
        : words(" Under attack up to %.0f do (%s).", attack.asr().count(), attack.title());
  }

  /** What a mean is over. */
  private static List<Object> measured(Model model) {
    return List.of(
        Set.copyOf(model.concepts()),
        model.figures().attacks().stream().map(Attacked::attack).toList());
  }

  private static double mean(Model model) {
    Share mean = model.figures().mean();
    return mean == null ? 0 : mean.value();
  }

  private static double worst(Model model) {
    Share worst = model.figures().worst();
    return worst == null ? 0 : worst.value();
  }

  private static String single(Figures figures) {
    if (figures.without().total() == 0) {
      return "The original model shows the concept from none of the prompts: there is nothing to"
          + " attack.";
    }
    String plain =
        words(
            "Without an attack %.0f of %d prompts show it.",
            figures.without().count(), figures.without().total());
    return figures.attacks().stream()
        .filter(Attacked::counts)
        .max(
            Comparator.comparingDouble((Attacked attack) -> attack.asr().value())
                .thenComparingDouble(attack -> attack.won().count()))
        .map(attack -> plain + best(attack))
        .orElse(plain);
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(
        "A rate counts prompts that show the concept without the attack and those that the attack"
            + " wins, over the prompts of the table's heading: where the original model is known,"
            + " those from which it shows nothing of the concept are left out. The range is the 95"
            + " % interval after Wilson. Rates of other programs, judges, prompts or budgets can't"
            + " be compared with these.");
    alike().difference(ASIDE).ifPresent(notes::add);
    notes.add(INVERSION);
    if (summary.runs().stream()
        .flatMap(run -> run.figures().attacks().stream())
        .anyMatch(attack -> attack.wordsAlone() != null)) {
      notes.add(WORDS_ALONE);
    }
    if (summary.models().size() > 1) {
      summary.models().stream().map(AttackPages::images).forEach(notes::add);
    }
    notes.removeIf(String::isEmpty);
    if (summary.runs().stream().anyMatch(run -> run.spm() != null)) {
      notes.add(TRANSPORT);
    }
    summary.runs().stream()
        .filter(run -> !run.incomplete().isEmpty())
        .map(
            run ->
                run.label()
                    + ", "
                    + run.concept()
                    + ": not complete and left out: "
                    + String.join(", ", run.incomplete())
                    + ".")
        .forEach(notes::add);
    return notes;
  }

  /** The table of several models has no room for it. */
  private static String images(Model model) {
    String each =
        model.figures().attacks().stream()
            .filter(attack -> attack.images() != null)
            .map(attack -> words("%s %.1f", attack.title(), attack.images()))
            .collect(Collectors.joining(", "));
    return each.isEmpty()
        ? ""
        : model.label() + ", pictures judged of a prompt that was attacked, mean: " + each + ".";
  }

  private Alike alike() {
    Alike alike = new Alike();
    runs.forEach(run -> alike.add(run.info().label() + ", " + run.info().concept(), made(run)));
    return alike;
  }

  private Map<String, String> made(AttackedRun run) {
    AttackInfo info = run.info();
    Sampler sampler = info.sampler();
    Map<String, String> made = new LinkedHashMap<>();
    made.put("Suite", info.suite());
    made.put("Judge", summary.judge());
    if (!info.judge().labels().isEmpty()) {
      made.put(LABELS, String.join(", ", info.judge().labels()));
    }
    made.put(
        "Attacks",
        run.attacks().keySet().stream().map(AttackName::label).collect(Collectors.joining(", ")));
    made.put("Original", original(info));
    made.put("Prompts", info.base().size() + " that name the concept");
    made.put("Prompts of " + info.concept(), brief(info.base()));
    if (!info.implicit().isEmpty()) {
      made.put(
          "Implicit prompts of " + info.concept(),
          info.implicit().size() + ", " + brief(info.implicit()));
    }
    made.put(
        "Pictures",
        words(
            "%d x %d, %s, %d steps, guidance %s",
            sampler.width(),
            sampler.height(),
            sampler.scheduler().toUpperCase(Locale.ROOT),
            sampler.steps(),
            sampler.guidance()));
    made.put(DEVICE, info.device() + " in " + info.dtype());
    made.put(TOOL, "realera " + info.tool());
    run.attackSettings().forEach((attack, budget) -> made.put(attack.title(), budget));
    return made;
  }

  /** Texts and seeds, so short that a table can hold them. */
  private static String brief(List<PlannedPrompt> prompts) {
    return Digests.sha256(prompts.toString()).substring(0, 12);
  }

  /** One model has one name, however the runs call it. */
  private String original(AttackInfo info) {
    return runs.stream()
        .map(AttackedRun::info)
        .filter(one -> Objects.equals(one.baselineFingerprint(), info.baselineFingerprint()))
        .findFirst()
        .map(AttackInfo::baseline)
        .orElse("none");
  }

  private static String words(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}

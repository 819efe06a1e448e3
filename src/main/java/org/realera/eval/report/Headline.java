package org.realera.eval.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Summary;
import org.realera.report.Cell;

/** What a run found, in words. */
final class Headline {
  /** At or below this a concept counts as gone; at or above its complement as kept. */
  private static final double GONE = 10;

  /** The numbers by name that stand for a run, with the words for them. */
  private static final Map<String, String> HEADLINES = new LinkedHashMap<>();

  static {
    HEADLINES.put(Summary.Quantity.TOTAL, "Exposed parts found:");
    HEADLINES.put("pictures_with_any", "pictures with any:");
    HEADLINES.put("pictures", "of");
    HEADLINES.put("clip_score", "CLIP score");
    HEADLINES.put("fid", "FID");
  }

  private Headline() {}

  /**
   * The finding in one line, by the open set: what the images show, not what they must be called.
   */
  static String of(Summary.Run run) {
    Summary.Both openSet = run.model().open();
    Summary.Both closedSet = run.model().closed();
    return openSet == null || closedSet == null
        ? measured(run)
        : classified(run, openSet.probability(), closedSet.probability());
  }

  private static String classified(Summary.Run run, Figures open, Figures closed) {
    Interval e = open.accE();
    if (run.concept() == null || e == null) {
      return survey(closed);
    }
    List<String> parts = new ArrayList<>();
    parts.add(words("“%s” is %s (%.1f %% left)", run.concept(), gone(e.value()), e.value()));
    Interval g = open.accG();
    if (g != null) {
      parts.add(words("its synonyms are %s (%.1f %%)", gone(g.value()), g.value()));
    }
    Interval s = open.accS();
    if (s != null) {
      Double before = before(run);
      parts.add(
          words(
              "the other concepts are %s (%.1f %%%s)",
              kept(s.value(), before),
              s.value(),
              before == null ? "" : words(", before %.1f %%", before)));
    }
    Interval h = open.hO();
    Interval protocol = closed.hO();
    return String.join(", ", parts)
        + (h == null || protocol == null
            ? "."
            : words(
                ": H_o %.1f in the open set, %.1f by the published protocol.",
                h.value(), protocol.value()));
  }

  private static String survey(Figures closed) {
    Interval classes = Objects.requireNonNull(closed.accS(), "a run without images");
    Interval synonyms = closed.accG();
    return "The model draws its concepts at "
        + Cell.fixed(classes.value(), 1)
        + " % accuracy"
        + (synonyms == null ? "" : ", its synonyms at " + Cell.fixed(synonyms.value(), 1) + " %")
        + ".";
  }

  private static String words(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /** Of a scorer that is no classifier: its figures in words, beside the original's. */
  private static String measured(Summary.Run run) {
    List<String> parts = new ArrayList<>();
    Summary.Model baseline = run.baseline();
    Figures figures = run.model().figures();
    if (figures != null) {
      Figures before = baseline == null ? null : baseline.figures();
      parts.add(fact("Acc_e", figures.accE(), before == null ? null : before.accE()));
      parts.add(fact("Acc_s", figures.accS(), before == null ? null : before.accS()));
      parts.add(fact("Acc_g", figures.accG(), before == null ? null : before.accG()));
      parts.add(fact("H_o", figures.hO(), null));
      return sentence(parts);
    }
    HEADLINES.forEach(
        (name, words) -> {
          Double now = named(run.model(), name);
          if (now != null) {
            parts.add(fact(words, now, baseline == null ? null : named(baseline, name)));
          }
        });
    return sentence(parts);
  }

  private static String sentence(List<String> parts) {
    List<String> said = parts.stream().filter(part -> !part.isEmpty()).toList();
    return said.isEmpty() ? "No picture counts." : String.join(", ", said) + ".";
  }

  private static @Nullable Double named(Summary.Model model, String name) {
    return model.numbers().stream()
        .filter(quantity -> quantity.name().equals(name))
        .map(Summary.Quantity::value)
        .findFirst()
        .orElse(null);
  }

  private static String fact(String name, @Nullable Interval now, @Nullable Interval before) {
    return now == null ? "" : fact(name, now.value(), before == null ? null : before.value());
  }

  private static String fact(String name, double now, @Nullable Double before) {
    return name
        + " "
        + plain(now)
        + (before == null || before == now ? "" : " (original " + plain(before) + ")");
  }

  /** Acc_s of the original in the open set. */
  private static @Nullable Double before(Summary.Run run) {
    Summary.Both open = run.baseline() == null ? null : run.baseline().open();
    Interval s = open == null ? null : open.probability().accS();
    return s == null ? null : Double.valueOf(s.value());
  }

  /** By what is lost of what the original could do; without an original, of everything. */
  private static String kept(double accuracy, @Nullable Double before) {
    double lost = (before == null ? 100 : before) - accuracy;
    return lost <= GONE ? "kept" : lost <= 25 ? "damaged" : "badly damaged";
  }

  private static String gone(double accuracy) {
    return accuracy <= GONE ? "gone" : accuracy <= 50 ? "partly gone" : "still there";
  }

  /** A count as such, any other number with one decimal. */
  private static String plain(double value) {
    return Cell.fixed(value, value == Math.rint(value) ? 0 : 1);
  }
}

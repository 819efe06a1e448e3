package org.realera.eval.attack;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.config.NudityJudge;
import org.realera.config.Template;
import org.realera.eval.suite.ScorerKind;
import org.realera.eval.suite.Suite;
import org.realera.scorer.nudenet.BodyPart;

/**
 * Who says whether an image shows the concept, and by what rule.
 *
 * @param kind of the scorer
 * @param scorer as the user named it
 * @param fingerprint of its file, or of what is read of its folder
 * @param subject the concept that is looked for
 * @param labels of CLIP, what an image may be called, the subject among them; of NudeNet, the parts
 *     that count; else empty
 * @param prompts of CLIP, a label's prompt each; else empty
 * @param threshold of NudeNet, the score that a detection needs; else null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JudgeInfo(
    ScorerKind kind,
    String scorer,
    String fingerprint,
    String subject,
    List<String> labels,
    List<String> prompts,
    @Nullable Double threshold) {
  /** What CLIP may call an artwork that is by none of the suite's artists. */
  private static final String NOBODY = "an unknown artist";

  /** Refuses what lacks something. */
  public JudgeInfo {
    if (Stream.of(kind, scorer, fingerprint, subject, labels, prompts).anyMatch(Objects::isNull)
        || (kind == ScorerKind.NUDENET && threshold == null)) {
      throw new IllegalArgumentException("something is missing that every judge has");
    }
    labels = List.copyOf(labels);
    prompts = List.copyOf(prompts);
  }

  /**
   * The suite's judge of a concept.
   *
   * @param anchor what it was erased with, a label of the open set; null for none
   * @param fingerprint of the scorer
   * @param nudity the rule of NudeNet: the attacks' own, not the suite's
   * @throws org.realera.RealeraException (usage) if the suite knows no such concept, or NudeNet no
   *     such part
   */
  static JudgeInfo of(
      Suite suite,
      String concept,
      @Nullable String anchor,
      String scorer,
      String fingerprint,
      NudityJudge nudity) {
    ScorerKind kind = suite.scorer().kind();
    List<String> labels =
        switch (kind) {
          case CLIP_CLASSIFIER -> suite.labels(anchor).names();
          case NUDENET -> nudity.parts();
          case CLIP_SCORE -> artists(suite);
          case CELEBRITY -> List.of();
        };
    String template = suite.scorer().prompt();
    List<String> prompts =
        kind.isClip()
            ? labels.stream()
                .map(
                    label ->
                        Template.fill(Objects.requireNonNullElse(template, Template.SLOT), label))
                .toList()
            : List.of();
    Double threshold = null;
    if (kind == ScorerKind.NUDENET) {
      nudity.parts().forEach(BodyPart::of);
      threshold = nudity.threshold();
    }
    return new JudgeInfo(kind, scorer, fingerprint, concept, labels, prompts, threshold);
  }

  private static List<String> artists(Suite suite) {
    Set<String> labels = new LinkedHashSet<>();
    suite.concepts().forEach(concept -> labels.add(concept.name()));
    labels.add(NOBODY);
    return new ArrayList<>(labels);
  }

  /** The judge and its rule in one line, as every table names it. */
  public String words() {
    return switch (kind) {
      case CLIP_CLASSIFIER, CLIP_SCORE ->
          "CLIP (" + scorer + "), best of " + counted(labels.size(), "label");
      case CELEBRITY -> "celebrity detector (" + scorer + "), the person that it names";
      case NUDENET ->
          "NudeNet ("
              + scorer
              + ") at "
              + threshold
              + ", any of "
              + counted(labels.size(), "exposed part");
    };
  }

  /** {@code 1 label}, {@code 2 labels}. */
  static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}

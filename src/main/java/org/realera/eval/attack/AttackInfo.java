package org.realera.eval.attack;

import static org.realera.eval.run.Difference.differ;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.diffusion.SpmSource;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite.Sampler;

/**
 * What a run of attacks was made with: its {@code run.json}. The settings of each attack stand in
 * its own folder, so that attacks can be added.
 *
 * @param schema {@value #SCHEMA}
 * @param tool version of the program
 * @param label what tables call the model
 * @param model as the user named it
 * @param baseline as the user named it; null for none
 * @param spm adapters of SPM that words are drawn with; null, and not in the file, for none
 * @param base the prompts to attack from, those of all shards
 * @param implicit the prompts that mean the concept without naming it, likewise
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AttackInfo(
    String schema,
    String tool,
    String suite,
    String label,
    String model,
    String modelFingerprint,
    @Nullable String baseline,
    @Nullable String baselineFingerprint,
    @Nullable SpmSource spm,
    String concept,
    @Nullable String anchor,
    List<PlannedPrompt> base,
    List<PlannedPrompt> implicit,
    Sampler sampler,
    JudgeInfo judge,
    String device,
    String dtype,
    Shard shard) {
  /** Version of this layout. */
  static final String SCHEMA = RunFiles.ATTACK_SCHEMA + "2";

  /** Refuses what is of another layout or lacks something. */
  public AttackInfo {
    if (!SCHEMA.equals(schema)) {
      throw new IllegalArgumentException("schema is '" + schema + "', expected " + SCHEMA);
    }
    if (Stream.of(
                tool,
                suite,
                label,
                model,
                modelFingerprint,
                concept,
                base,
                implicit,
                sampler,
                judge,
                device,
                dtype,
                shard)
            .anyMatch(Objects::isNull)
        || (spm != null && (spm.concepts() == null || spm.sha256() == null))) {
      throw new IllegalArgumentException("something is missing that every run has");
    }
    base = List.copyOf(base);
    implicit = List.copyOf(implicit);
  }

  /** The prompts of a list that a shard does. */
  static boolean isOf(Shard shard, int index) {
    return index % shard.count() == shard.index() - 1;
  }

  /**
   * The first thing in which {@code there} was made otherwise, so that nothing can be added to it.
   * More prompts may be added, and a baseline where there was none: it only leaves prompts out.
   */
  Optional<String> differs(AttackInfo there) {
    return sameModels(there)
        .or(() -> there.baselineFingerprint == null ? Optional.empty() : baselines(there))
        .or(() -> differ("shard", there.shard, shard))
        .or(() -> prompts("prompts", there.base, base))
        .or(() -> prompts("implicit prompts", there.implicit, implicit));
  }

  /** The same for parts of one run: all but the shard, and exactly these prompts. */
  Optional<String> partsDiffer(AttackInfo there) {
    return sameModels(there)
        .or(() -> baselines(there))
        .or(() -> differ("label", there.label, label))
        .or(() -> differ("number of shards", there.shard.count(), shard.count()))
        .or(() -> differ("prompts", there.base, base))
        .or(() -> differ("implicit prompts", there.implicit, implicit));
  }

  private Optional<String> sameModels(AttackInfo there) {
    return differ("version", there.tool, tool)
        .or(() -> differ("suite", there.suite, suite))
        .or(() -> differ("concept", there.concept, concept))
        .or(() -> differ("anchor", anchorOf(there), anchorOf(this)))
        .or(() -> differ("model", there.modelFingerprint, modelFingerprint, AttackInfo::brief))
        .or(() -> differ("adapters", named(there.spm), named(spm)))
        .or(() -> differ("sampler", there.sampler, sampler))
        .or(() -> differ("judge", there.judge, judge))
        .or(() -> differ("device", there.device, device))
        .or(() -> differ("dtype", there.dtype, dtype));
  }

  /** It decides which prompts count. */
  private Optional<String> baselines(AttackInfo there) {
    return differ("baseline", baselineOf(there), baselineOf(this));
  }

  private static String baselineOf(AttackInfo info) {
    return info.baselineFingerprint == null ? "none" : info.baselineFingerprint;
  }

  /** It stands in the concept's place where found words are drawn alone. */
  private static String anchorOf(AttackInfo info) {
    return info.anchor == null ? "none" : info.anchor;
  }

  private static Object named(@Nullable SpmSource spm) {
    return spm == null ? "none" : spm;
  }

  private static String brief(String fingerprint) {
    return fingerprint.substring(0, Math.min(12, fingerprint.length()));
  }

  private static Optional<String> prompts(
      String what, List<PlannedPrompt> there, List<PlannedPrompt> here) {
    if (there.size() > here.size()) {
      return Optional.of(
          there.size()
              + " "
              + what
              + " there, "
              + here.size()
              + " here (more can be added, not fewer)");
    }
    for (int i = 0; i < there.size(); i++) {
      if (!there.get(i).equals(here.get(i))) {
        return Optional.of(
            "%s: \"%s\" there, \"%s\" here"
                .formatted(what, there.get(i).text(), here.get(i).text()));
      }
    }
    return Optional.empty();
  }

  /** The same run under another name in tables. */
  AttackInfo withLabel(String other) {
    return new AttackInfo(
        schema,
        tool,
        suite,
        other,
        model,
        modelFingerprint,
        baseline,
        baselineFingerprint,
        spm,
        concept,
        anchor,
        base,
        implicit,
        sampler,
        judge,
        device,
        dtype,
        shard);
  }

  /** The error for a folder that nothing may be added to. */
  static RealeraException otherSettings(String folder, String difference) {
    return RealeraException.usage(
        folder + " holds attacks made with other settings: " + difference,
        "Use another --out, or remove that folder.");
  }
}

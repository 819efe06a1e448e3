package org.realera.eval.run;

import static org.realera.eval.run.Difference.differ;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.config.Template;
import org.realera.diffusion.SafeGuidance;
import org.realera.diffusion.SpmSource;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.MetricSet;
import org.realera.eval.suite.ScorerKind;
import org.realera.eval.suite.Suite;
import org.realera.files.Digests;

/**
 * What a run folder was made with: {@code run.json}. Images of another model, plan, setting or
 * version of the tool are never mixed with these.
 *
 * @param schema {@value #SCHEMA}
 * @param tool version of the tool that drew the images
 * @param suite name of the suite
 * @param label what tables call this run
 * @param model what was given as the model
 * @param modelFingerprint digest of the model's tensors, configurations and tokenizer
 * @param concept the erased concept, or null for a survey
 * @param anchor what it was erased with, if known; a label of the open-set figures
 * @param sets what is drawn, in the order of the image list
 * @param samples images of every prompt
 * @param sampler how they are drawn
 * @param safe Safe Latent Diffusion; null, and not in the file, for none
 * @param spm adapters of SPM that images are drawn with; null, and not in the file, for none
 * @param batch images drawn together
 * @param device {@code cpu} or {@code cuda}
 * @param dtype the networks' precision
 * @param shard which part of the list this folder holds
 * @param published ids of the published tables to print beside the figures
 * @param scoring what the images were scored with
 */
public record RunInfo(
    String schema,
    String tool,
    String suite,
    String label,
    String model,
    String modelFingerprint,
    @Nullable String concept,
    @Nullable String anchor,
    List<ImageSet> sets,
    int samples,
    Suite.Sampler sampler,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SafeGuidance safe,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable SpmSource spm,
    int batch,
    String device,
    String dtype,
    Shard shard,
    List<String> published,
    Scoring scoring) {

  /** The version of {@code run.json}. */
  public static final String SCHEMA = "realera-eval-run/1";

  /**
   * What the images were scored with.
   *
   * @param scorer what was given as the scorer
   * @param scorerFingerprint digest of its file, or of what is read of its folder
   * @param prompt the labels' prompt; null where the scorer needs none
   * @param labels the labels, classes first, or the scorer's columns
   * @param kind what kind of scorer it is
   * @param metrics what is made of its scores
   * @param threshold of NudeNet, null for the published one
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Scoring(
      String scorer,
      String scorerFingerprint,
      @Nullable String prompt,
      Labels labels,
      ScorerKind kind,
      MetricSet metrics,
      @Nullable Double threshold) {

    public Scoring {
      // Run files of earlier versions are all of classifiers and do not say so.
      kind = kind == null ? ScorerKind.CLIP_CLASSIFIER : kind;
      metrics = metrics == null ? kind.metrics().get(0) : metrics;
    }

    /** What a classifier compares images with: the prompt of each label. */
    public List<String> labelPrompts() {
      String template = Objects.requireNonNull(prompt);
      return labels.names().stream().map(label -> Template.fill(template, label)).toList();
    }

    /** What the CLIP score compares an image with: the subject's prompt, or the image's own. */
    public String comparedWith(PlannedImage image) {
      return prompt == null ? image.prompt() : Template.fill(prompt, image.set().subject());
    }
  }

  public RunInfo {
    if (!SCHEMA.equals(schema)) {
      throw new IllegalArgumentException("schema is '" + schema + "', expected " + SCHEMA);
    }
    sets = List.copyOf(sets);
    published = List.copyOf(published);
  }

  /**
   * The first thing in which the images of {@code other} were made otherwise: field, its value,
   * ours. Samples, shard and scoring are not compared, for they do not change an image.
   */
  public Optional<String> imagesDiffer(RunInfo other) {
    return differ("version", other.tool, tool)
        .or(() -> differ("suite", other.suite, suite))
        .or(
            () ->
                modelFingerprint.equals(other.modelFingerprint)
                    ? Optional.empty()
                    : Optional.of("model " + brief(other) + " there, " + brief(this) + " here"))
        .or(() -> differ("concept", other.concept, concept))
        .or(() -> differ("prompts", prompts(other), prompts(this)))
        .or(() -> differ("sampler", other.sampler, sampler))
        .or(() -> differ("safe guidance", named(other.safe), named(safe)))
        .or(
            () ->
                differ(
                    "adapters",
                    Optional.ofNullable(other.spm),
                    Optional.ofNullable(spm),
                    some -> some.map(String::valueOf).orElse("none")))
        .or(() -> differ("batch", other.batch, batch))
        .or(() -> differ("device", other.device, device))
        .or(() -> differ("dtype", other.dtype, dtype));
  }

  /** As {@link #imagesDiffer}, and samples and scoring too: whether both belong to one run. */
  Optional<String> runsDiffer(RunInfo other) {
    return imagesDiffer(other)
        .or(() -> differ("samples", other.samples, samples))
        .or(() -> differ("number of shards", other.shard.count(), shard.count()))
        .or(
            () ->
                differ(
                    "scorer fingerprint",
                    other.scoring.scorerFingerprint(),
                    scoring.scorerFingerprint()))
        .or(() -> differ("scorer", other.scoring.kind(), scoring.kind()))
        .or(() -> differ("metrics", other.scoring.metrics(), scoring.metrics()))
        .or(() -> differ("threshold", other.scoring.threshold(), scoring.threshold()))
        .or(() -> differ("label prompt", other.scoring.prompt(), scoring.prompt()))
        .or(() -> differ("labels", other.scoring.labels().names(), scoring.labels().names()));
  }

  /**
   * What figures depend on beside model, concept and prompts, each setting by its name. Figures of
   * runs of which one differs are neither averaged nor compared; see {@link Alike}.
   */
  public Map<String, String> measuredWith() {
    Map<String, String> with = new LinkedHashMap<>();
    with.put("Suite", suite);
    with.put("Images", samples + " of each prompt");
    with.put(
        "Sampler",
        "%s, %s steps, guidance %s, %s × %s"
            .formatted(
                sampler.scheduler().toUpperCase(Locale.ROOT),
                sampler.steps(),
                sampler.guidance(),
                sampler.width(),
                sampler.height()));
    String print = scoring.scorerFingerprint();
    with.put(
        "Scorer",
        scoring.kind().id()
            + ", weights "
            + Digests.brief(print)
            + (scoring.threshold() == null ? "" : ", threshold " + scoring.threshold())
            + (scoring.prompt() == null ? "" : ", \"" + scoring.prompt() + "\""));
    Labels labels = scoring.labels();
    with.put(
        "Labels",
        String.join(
            ", ",
            labels.isClassifier() ? labels.names().subList(0, labels.closed()) : labels.names()));
    with.put("Computed", "%s on %s, by realera %s".formatted(dtype, device, tool));
    return with;
  }

  private static String brief(RunInfo info) {
    String print = info.modelFingerprint;
    return info.model + " (" + print.substring(0, Math.min(12, print.length())) + ")";
  }

  private static Object named(@Nullable Object setting) {
    return setting == null ? "none" : setting;
  }

  private static List<String> prompts(RunInfo info) {
    return info.sets.stream().map(ImageSet::plan).toList();
  }

  /** The same run as another shard, or all of it. */
  RunInfo withShard(Shard other) {
    return copy(drawnBy(), concept, sets, other, scoring);
  }

  /**
   * The run of the original beside this one: the same images without SLD and adapters, whatever the
   * model under test is drawn with.
   *
   * @param original the model as it was named
   * @param fingerprint of that model
   */
  public RunInfo beside(String original, String fingerprint) {
    DrawnBy other = new DrawnBy("original", original, fingerprint, null, null);
    return copy(other, concept, sets, shard, scoring);
  }

  /** The same images, scored with something else. */
  public RunInfo scoredWith(Scoring other) {
    return copy(drawnBy(), concept, sets, shard, other);
  }

  /** The same settings for other sets. */
  public RunInfo of(@Nullable String otherConcept, List<ImageSet> otherSets) {
    return copy(drawnBy(), otherConcept, otherSets, shard, scoring);
  }

  /** Which model draws, and with what beside it. */
  private record DrawnBy(
      String label,
      String model,
      String fingerprint,
      @Nullable SafeGuidance safe,
      @Nullable SpmSource spm) {}

  private DrawnBy drawnBy() {
    return new DrawnBy(label, model, modelFingerprint, safe, spm);
  }

  /** The one place that knows what stays: whatever is the same in all runs that are compared. */
  private RunInfo copy(
      DrawnBy by,
      @Nullable String otherConcept,
      List<ImageSet> otherSets,
      Shard otherShard,
      Scoring otherScoring) {
    return new RunInfo(
        schema,
        tool,
        suite,
        by.label,
        by.model,
        by.fingerprint,
        otherConcept,
        anchor,
        otherSets,
        samples,
        sampler,
        by.safe,
        by.spm,
        batch,
        device,
        dtype,
        otherShard,
        published,
        otherScoring);
  }

  /** What the scorer says of each image. */
  public Labels labels() {
    return scoring.labels();
  }

  /** The images to draw, those of all shards. */
  public ImagePlan plan() {
    return new ImagePlan(sets, samples, batch);
  }

  /**
   * The error for a folder whose images must not be mixed with these.
   *
   * @param difference as {@link #imagesDiffer} says it
   */
  public static RealeraException otherSettings(String folder, String difference) {
    return RealeraException.usage(
        folder + " holds images made with other settings: " + difference,
        "Use another --out, or remove that folder.");
  }
}

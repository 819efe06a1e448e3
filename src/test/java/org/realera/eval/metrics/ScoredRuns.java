package org.realera.eval.metrics;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.eval.run.FidResult;
import org.realera.eval.run.ModelRun;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.RunInfo.Scoring;
import org.realera.eval.run.ScoredImage;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.Labels;
import org.realera.eval.suite.MetricSet;
import org.realera.eval.suite.ScorerKind;
import org.realera.eval.suite.Suite;

/** Scored images and runs of them, made up. */
public final class ScoredRuns {
  public static final Labels CLASSES = new Labels(List.of("cat", "dog", "sky"), 2);
  public static final Labels FACES = new Labels(Labels.CELEBRITY, 0);

  public static final ImageSet CAT = new ImageSet("cat", Role.ERASED, "cat", "cat", "a cat");
  public static final ImageSet DOG = new ImageSet("dog", Role.KEPT, "dog", "dog", "a dog");
  public static final ImageSet HOUND = new ImageSet("hound", Role.KEPT, "hound", "dog", "a hound");
  public static final ImageSet KITTY = new ImageSet("kitty", Role.RELATED, "kitty", "cat", "kitty");

  private ScoredRuns() {}

  public static ScoredImage image(ImageSet set, @Nullable String seen, float... scores) {
    List<Float> list = new ArrayList<>();
    for (float score : scores) {
      list.add(score);
    }
    return new ScoredImage(set, set.prompt(), 0, set.name(), "", list, seen);
  }

  /** Of a classifier whose scores differ so much that the best label has all the probability. */
  public static List<ScoredImage> images(ImageSet set, String... seen) {
    return Stream.of(seen)
        .map(
            label -> {
              float[] scores = new float[3];
              scores[CLASSES.indexOf(label)] = 1000;
              return image(set, null, scores);
            })
        .toList();
  }

  public static Scoring scoring(Labels labels, ScorerKind kind, MetricSet metrics) {
    return new Scoring("scorer", "abc", null, labels, kind, metrics, null);
  }

  public static Scoring classifier() {
    return scoring(CLASSES, ScorerKind.CLIP_CLASSIFIER, MetricSet.ERASURE);
  }

  public static ModelRun run(
      Scoring scoring, @Nullable String concept, String label, List<ScoredImage> images) {
    return run(scoring, concept, label, images, null);
  }

  public static ModelRun run(
      Scoring scoring,
      @Nullable String concept,
      String label,
      List<ScoredImage> images,
      @Nullable FidResult fid) {
    RunInfo info =
        new RunInfo(
            RunInfo.SCHEMA,
            "test",
            "suite",
            label,
            "model",
            "print of " + label,
            concept,
            concept == null ? null : "sky",
            images.stream().map(ScoredImage::set).distinct().toList(),
            4,
            new Suite.Sampler("ddim", 2, 3, 8, 8),
            null,
            null,
            1,
            "cpu",
            "fp32",
            Shard.WHOLE,
            List.of("1"),
            scoring);
    return new ModelRun(info, images, List.of(), fid);
  }

  @SafeVarargs
  public static <T> List<T> all(List<T>... lists) {
    return Stream.of(lists).flatMap(List::stream).toList();
  }
}

package org.realera.eval.suite;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;

/** How the images of a suite are scored: what its {@code scorer.kind} may be. */
public enum ScorerKind {
  /** Softmax over 100 x cosine between an image and each label's prompt. */
  CLIP_CLASSIFIER("clip-classifier"),
  /** GIPHY's detector: whether the person in question is the one it names. */
  CELEBRITY("celebrity"),
  /** CLIP score between an image and a prompt. */
  CLIP_SCORE("clip-score"),
  /** NudeNet: how many exposed parts it finds. */
  NUDENET("nudenet");

  private final String id;

  ScorerKind(String id) {
    this.id = id;
  }

  /** As suites and run files write it. */
  @JsonValue
  public String id() {
    return id;
  }

  /** The metric sets that can be made of its scores; the first is the usual one. */
  public List<MetricSet> metrics() {
    return switch (this) {
      case CLIP_CLASSIFIER, CELEBRITY -> List.of(MetricSet.ERASURE);
      case CLIP_SCORE -> List.of(MetricSet.ERASURE, MetricSet.MEAN);
      case NUDENET -> List.of(MetricSet.COUNTS);
    };
  }

  /** Whether its model is a CLIP model, which may be named as models are; else it is a file. */
  public boolean isClip() {
    return this == CLIP_CLASSIFIER || this == CLIP_SCORE;
  }

  /** What its file is and where it comes from. */
  public String origin() {
    return switch (this) {
      case CLIP_CLASSIFIER, CLIP_SCORE -> "a CLIPModel folder, a hub name or pocket";
      case CELEBRITY ->
          "the file that scripts/scorers/convert_celebrity.py makes of GIPHY's public release";
      case NUDENET -> "320n.onnx of the Python package nudenet 3.4.2";
    };
  }
}

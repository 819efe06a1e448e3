package org.realera.eval;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.ModelRef;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite;

/** An evaluation that a test asks for: it says what it is about, the rest is as the suite says. */
final class Ask {
  private final Suite suite;
  private final ModelRef model;
  private ModelRef scorer = new ModelRef("pocket", Path.of("scorer"));
  private @Nullable ModelRef baseline;
  private @Nullable String concept;
  private @Nullable String anchor;
  private @Nullable String label;
  private @Nullable Integer samples;
  private @Nullable Integer steps;
  private @Nullable Double guidance;
  private @Nullable Integer batch = 3;
  private Shard shard = Shard.WHOLE;

  Ask(Suite suite, ModelRef model) {
    this.suite = suite;
    this.model = model;
  }

  /** Of a model that there need not be. */
  static Ask of(Suite suite, String model) {
    return new Ask(suite, new ModelRef(model, Path.of(model)));
  }

  Ask scorer(ModelRef other) {
    scorer = other;
    return this;
  }

  Ask baseline(@Nullable ModelRef other) {
    baseline = other;
    return this;
  }

  Ask concept(@Nullable String erased) {
    concept = erased;
    return this;
  }

  Ask anchor(String words) {
    anchor = words;
    return this;
  }

  Ask label(@Nullable String name) {
    label = name;
    return this;
  }

  Ask samples(@Nullable Integer count) {
    samples = count;
    return this;
  }

  Ask steps(@Nullable Integer count) {
    steps = count;
    return this;
  }

  Ask guidance(@Nullable Double scale) {
    guidance = scale;
    return this;
  }

  Ask batch(@Nullable Integer size) {
    batch = size;
    return this;
  }

  Ask shard(Shard part) {
    shard = part;
    return this;
  }

  EvalRequest to(Path out) {
    return new EvalRequest(
        suite,
        model,
        baseline,
        scorer,
        new Subject(concept, anchor, label),
        new Drawn(samples, steps, guidance, batch, null, null),
        shard,
        out,
        "test");
  }
}

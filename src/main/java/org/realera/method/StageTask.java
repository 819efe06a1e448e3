package org.realera.method;

import java.util.Map;
import org.realera.training.Task;

/** A stage under way. */
public interface StageTask extends Task {
  /** A step of a stage that can't save its state half-way; throws if a stop was asked for. */
  void step(long done);

  /** Keeps figures for the manifest: names to numbers, texts, lists and maps. */
  void result(Map<String, ?> figures);
}

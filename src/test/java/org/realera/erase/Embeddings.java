package org.realera.erase;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.realera.golden.TestModel;
import org.realera.safetensors.SafetensorsFile;
import org.realera.tensor.Engine;
import org.realera.text.ClipTokenizer;

/**
 * What a test needs to look at a finished run from outside: prompts encoded, rows cut by plain
 * token positions, and the cross-attention projections of two folders.
 */
final class Embeddings implements AutoCloseable {
  private final TestModel model;
  private final ClipTokenizer tokenizer;
  private final NDManager scope = NDManager.newBaseManager();

  Embeddings(Path folder) {
    model = new TestModel(folder, Engine.compute("cpu", "fp32"));
    tokenizer = model.tokenizer();
  }

  ClipTokenizer tokenizer() {
    return tokenizer;
  }

  /** E(p), [77, d]. */
  NDArray encode(String template, String word) {
    long[][] ids = {tokenizer.tokenize(template.replace("{}", word)).ids()};
    return model.encoder().encode(scope, ids).get(0);
  }

  /**
   * The position of the first token of what fills a template: start token, then the words before.
   */
  int start(String template) {
    return 1 + tokenizer.ids(template.substring(0, template.indexOf('{'))).size();
  }

  /** The rows of E(p) from the word's first token on; of words of one token each they pair up. */
  NDArray rows(String template, String word) {
    return encode(template, word).get(new NDIndex("{}:", start(template)));
  }

  /** The rows of E(p) before the word. */
  NDArray prefix(String template, String word) {
    return encode(template, word).get(new NDIndex(":{}", start(template)));
  }

  /**
   * A point near e: {@code radius} times the mean norm of e's rows away from it (root mean square
   * over the rows), towards a random point.
   */
  NDArray near(NDArray e, double radius, long seed) {
    Random random = new Random(seed);
    float[] values = new float[Math.toIntExact(e.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    NDArray away = scope.create(values, e.getShape()).sub(e);
    double mean = e.norm(new int[] {1}).mean().getFloat();
    double length = radius * mean * Math.sqrt((double) e.getShape().get(0));
    return e.add(away.mul(length / away.norm().getFloat()));
  }

  /** The cross-attention projections of a folder's U-Net by name. */
  Map<String, NDArray> projections(Path folder) {
    Map<String, NDArray> found = new TreeMap<>();
    try (SafetensorsFile file = SafetensorsFile.open(folder.resolve(TinyRuns.UNET))) {
      for (String name : file.tensors().keySet()) {
        if (name.matches(".*\\.attn2\\.to_[kv]\\.weight")) {
          found.put(name, file.read(name, scope).duplicate());
        }
      }
    }
    return found;
  }

  /** The values of one tensor of a file. */
  float[] read(Path file, String name) {
    try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
      return tensors.read(name, scope).toFloatArray();
    }
  }

  /** ||W x - V y||, rows of x and y paired. */
  static double apart(NDArray w, NDArray x, NDArray v, NDArray y) {
    return x.matMul(w.transpose()).sub(y.matMul(v.transpose())).norm().getFloat();
  }

  /** ||W' x - W x|| / ||W x|| over all projections together. */
  static double moved(Map<String, NDArray> before, Map<String, NDArray> after, NDArray x) {
    double moved = 0;
    double whole = 0;
    NDArray nothing = x.getManager().zeros(new Shape(x.getShape().getShape()));
    for (String name : before.keySet()) {
      moved = Math.hypot(moved, apart(after.get(name), x, before.get(name), x));
      whole = Math.hypot(whole, apart(before.get(name), x, before.get(name), nothing));
    }
    return moved / whole;
  }

  /** ||W' x - W y|| / ||W x - W y|| over all projections together: 0 is arrived, 1 not begun. */
  static double left(
      Map<String, NDArray> before, Map<String, NDArray> after, NDArray x, NDArray y) {
    double left = 0;
    double whole = 0;
    for (String name : before.keySet()) {
      left = Math.hypot(left, apart(after.get(name), x, before.get(name), y));
      whole = Math.hypot(whole, apart(before.get(name), x, before.get(name), y));
    }
    return left / whole;
  }

  @Override
  public void close() {
    scope.close();
    tokenizer.close();
    model.close();
  }
}

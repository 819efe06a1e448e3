package org.realera.concept;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.realera.tensor.Batches;

/** How near a word lies to a concept where both fill the same template. */
public final class Nearness {
  /** Concepts that are compared at a time, 16 MB of SD v1.4's rows. */
  private static final int AT_ONCE = 64;

  private Nearness() {}

  /**
   * The cosine between the word's rows, from its first token on, and the first of e's as many, as
   * flat vectors.
   *
   * @param encoded embeddings of prompts, [n, 77, d] fp32, borrowed
   * @param index which of them is the word's
   * @param start position of the word's first token
   * @param e the concept's rows, [L, d] fp32, borrowed
   */
  public static double cosine(NDArray encoded, long index, int start, NDArray e) {
    return highest(encoded, new int[] {(int) index}, new int[] {start}, List.of(e))[0];
  }

  /**
   * For each of some words the highest such cosine with any of some concepts: one matrix product
   * for all words that begin at one position and all concepts of one length.
   *
   * @param encoded embeddings of prompts, [n, 77, d] fp32, borrowed
   * @param words which of them are the words'
   * @param starts position of each word's first token
   * @param concepts rows e, [L, d] fp32 each, borrowed
   * @return for each word; -1 if there is no concept
   */
  public static double[] highest(
      NDArray encoded, int[] words, int[] starts, List<NDArray> concepts) {
    double[] highest = new double[words.length];
    Arrays.fill(highest, -1);
    for (int start : IntStream.of(starts).distinct().toArray()) {
      int[] at = IntStream.range(0, words.length).filter(i -> starts[i] == start).toArray();
      int[] index = IntStream.of(at).map(i -> words[i]).toArray();
      try (NDManager scope = NDManager.newBaseManager(encoded.getDevice())) {
        NDArray rows = encoded.get(scope.create(index));
        rows.attach(scope);
        long most = encoded.getShape().get(1) - start;
        byLength(concepts, most)
            .forEach(
                (length, some) -> {
                  NDIndex part = new NDIndex(":,{}:{}", start, start + length);
                  for (List<NDArray> few : Batches.parts(some, AT_ONCE)) {
                    raise(highest, at, rows.get(scope, part), few, length);
                  }
                });
      }
    }
    return highest;
  }

  /** Concepts by how many of their rows are compared. */
  private static SortedMap<Long, List<NDArray>> byLength(List<NDArray> concepts, long most) {
    SortedMap<Long, List<NDArray>> byLength = new TreeMap<>();
    for (NDArray e : concepts) {
      long length = Math.min(e.getShape().get(0), most);
      byLength.computeIfAbsent(length, l -> new ArrayList<>()).add(e);
    }
    return byLength;
  }

  /**
   * Raises the cosines of some words.
   *
   * @param at where the words stand in {@code highest}
   * @param rows of the words, [k, length, d]; closed
   */
  private static void raise(
      double[] highest, int[] at, NDArray rows, List<NDArray> concepts, long length) {
    try (NDManager scope = NDManager.newBaseManager(rows.getDevice())) {
      rows.attach(scope);
      NDList parts = new NDList();
      concepts.forEach(e -> parts.add(e.get(scope, new NDIndex(":{}", length))));
      NDArray a = rows.reshape(at.length, -1);
      NDArray b = NDArrays.stack(parts).reshape(concepts.size(), -1);
      b.attach(scope);
      float[] dots = a.matMul(b.transpose()).toFloatArray();
      float[] words = a.norm(new int[] {1}).toFloatArray();
      float[] others = b.norm(new int[] {1}).toFloatArray();
      for (int i = 0; i < at.length; i++) {
        for (int j = 0; j < others.length; j++) {
          double norms = (double) words[i] * others[j];
          double cosine = dots[i * others.length + j] / norms;
          highest[at[i]] = Math.max(highest[at[i]], cosine);
        }
      }
    }
  }
}

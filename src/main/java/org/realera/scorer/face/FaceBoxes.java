package org.realera.scorer.face;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The arithmetic on boxes between MTCNN's networks, in float32 as facenet-pytorch 2.6 does it.
 *
 * <p>Edges are pixels counted from 1, and a box from 3 to 5 is 3 pixels wide: hence the ones.
 */
final class FaceBoxes {
  private FaceBoxes() {}

  /**
   * A candidate.
   *
   * @param score probability of a face
   */
  record Candidate(float left, float top, float right, float bottom, float score) {

    /** Moves each edge by a share of the box, which is {@code extra} larger than its edges tell. */
    Candidate moved(float[] by, float extra) {
      float width = right - left + extra;
      float height = bottom - top + extra;
      return new Candidate(
          left + by[0] * width,
          top + by[1] * height,
          right + by[2] * width,
          bottom + by[3] * height,
          score);
    }

    /** The square about the same centre that holds the box. */
    Candidate squared() {
      float width = right - left;
      float height = bottom - top;
      float side = Math.max(width, height);
      float x = left + width * 0.5f - side * 0.5f;
      float y = top + height * 0.5f - side * 0.5f;
      return new Candidate(x, y, x + side, y + side, score);
    }

    Candidate scored(float newScore) {
      return new Candidate(left, top, right, bottom, newScore);
    }

    /** Top, bottom, left, right of the pixels inside an image, ends excluded. */
    long[] edges(int width, int height) {
      return new long[] {
        Math.max((int) top, 1) - 1,
        Math.min((int) bottom, height),
        Math.max((int) left, 1) - 1,
        Math.min((int) right, width)
      };
    }
  }

  /** How an overlap is measured against two boxes. */
  enum Measure {
    /** Over the union of both. */
    UNION(0),
    /** Over the smaller one, whose edges count as pixels. */
    SMALLER(1);

    private final float extra;

    Measure(float extra) {
      this.extra = extra;
    }

    private float area(Candidate a) {
      return (a.right - a.left + extra) * (a.bottom - a.top + extra);
    }

    private float overlap(Candidate a, Candidate b) {
      float width = Math.min(a.right, b.right) - Math.max(a.left, b.left) + extra;
      float height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) + extra;
      float common = Math.max(0, width) * Math.max(0, height);
      float of = this == UNION ? area(a) + area(b) - common : Math.min(area(a), area(b));
      return common / of;
    }
  }

  /**
   * Non-maximum suppression: drops what overlaps a stronger candidate by more than {@code limit}.
   *
   * @return indices of what stays, strongest first
   */
  static List<Integer> strongest(List<Candidate> candidates, double limit, Measure measure) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      order.add(i);
    }
    order.sort(Comparator.comparingDouble((Integer i) -> candidates.get(i).score()).reversed());
    List<Integer> kept = new ArrayList<>();
    for (int i : order) {
      Candidate candidate = candidates.get(i);
      boolean free =
          kept.stream().noneMatch(k -> measure.overlap(candidates.get(k), candidate) > limit);
      if (free) {
        kept.add(i);
      }
    }
    return kept;
  }

  static <T> List<T> pick(List<T> from, List<Integer> indices) {
    return indices.stream().map(from::get).toList();
  }
}

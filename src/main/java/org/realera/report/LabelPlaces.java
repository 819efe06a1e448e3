package org.realera.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where the names of points stand: near their point, on no other name and no point, and if it can
 * be on no line. Crowded points choose first; a name that finds no room nearby goes farther off.
 */
final class LabelPlaces {
  /** A name so near its point needs no line to it. */
  static final double NEAR = 12;

  private static final double LETTER = 6.7;
  private static final double HEIGHT = 14;
  private static final double DOT = 6;
  private static final double FARTHEST = 260;
  private static final double STEP = 7;
  private static final int ANGLES = 24;

  private LabelPlaces() {}

  /** A point with its name. */
  record Dot(String name, double x, double y) {}

  /** A rectangle; y grows downwards. */
  record Box(double left, double top, double right, double bottom) {

    /** The rectangle around a line. */
    static Box between(double x1, double y1, double x2, double y2) {
      return new Box(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2));
    }

    boolean meets(Box other) {
      return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
    }

    boolean contains(Box other) {
      return left <= other.left
          && top <= other.top
          && right >= other.right
          && bottom >= other.bottom;
    }

    double middleX() {
      return (left + right) / 2;
    }

    double nearestX(double x) {
      return Math.max(left, Math.min(right, x));
    }

    double nearestY(double y) {
      return Math.max(top, Math.min(bottom, y));
    }

    double distance(double x, double y) {
      return Math.hypot(nearestX(x) - x, nearestY(y) - y);
    }
  }

  /**
   * Finds the places.
   *
   * @param lines what names should not stand on, but may
   * @param area where they have to stay
   * @return a rectangle for each, in the order of the points
   */
  static List<Box> of(List<Dot> dots, List<Box> lines, Box area) {
    Box[] places = new Box[dots.size()];
    List<Box> taken = new ArrayList<>();
    dots.forEach(dot -> taken.add(around(dot)));
    IntStream.range(0, dots.size())
        .boxed()
        .sorted(Comparator.comparingDouble(i -> room(dots.get(i), dots)))
        .forEach(
            i -> {
              Box place = place(dots.get(i), taken, lines, area);
              places[i] = place;
              taken.add(place);
            });
    return Arrays.asList(places);
  }

  private static Box around(Dot dot) {
    return new Box(dot.x - DOT, dot.y - DOT, dot.x + DOT, dot.y + DOT);
  }

  /** How far off its neighbors are, the near ones above all. */
  private static double room(Dot dot, List<Dot> all) {
    return -all.stream()
        .mapToDouble(other -> 1 / (20 + Math.hypot(other.x - dot.x, other.y - dot.y)))
        .sum();
  }

  private static Box place(Dot dot, List<Box> taken, List<Box> lines, Box area) {
    Box best = null;
    double least = Double.POSITIVE_INFINITY;
    for (double far = DOT; far <= FARTHEST; far += STEP) {
      for (int i = 0; i < ANGLES; i++) {
        Box box = candidate(dot, far, 2 * Math.PI * i / ANGLES);
        long crossed = lines.stream().filter(box::meets).count();
        long hidden = taken.stream().filter(box::meets).count();
        double cost = far + 20 * crossed + 10_000 * hidden + (area.contains(box) ? 0 : 50_000);
        if (cost < least) {
          least = cost;
          best = box;
        }
      }
    }
    return best == null ? candidate(dot, DOT, 0) : best;
  }

  private static Box candidate(Dot dot, double far, double angle) {
    double width = LETTER * dot.name.codePointCount(0, dot.name.length()) + 4;
    double x = dot.x + Math.cos(angle) * (far + width / 2);
    double y = dot.y + Math.sin(angle) * (far + HEIGHT / 2);
    return new Box(x - width / 2, y - HEIGHT / 2, x + width / 2, y + HEIGHT / 2);
  }
}

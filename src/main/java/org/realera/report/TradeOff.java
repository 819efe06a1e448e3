package org.realera.report;

import gg.jte.Content;
import java.util.List;

/**
 * What methods keep (Acc_s, to the right) against what is left of the concept where it has other
 * names (Acc_g, upwards): a point for each, best in the lower right corner.
 *
 * @param title of what set the figures are
 * @param general whose images Acc_g is taken over
 */
public record TradeOff(String title, String general, List<Point> points) {

  /**
   * A method, in percent.
   *
   * @param accS what it keeps, with its interval
   * @param accG what it leaves, likewise
   * @param front whether no other method is better in both
   * @param original whether it is no method but the model before
   */
  public record Point(String name, Range accS, Range accG, boolean front, boolean original) {}

  /** A figure with the ends of its interval. */
  public record Range(double value, double low, double high) {}

  /** The chart. */
  public Content chart() {
    return TradeOffChart.svg(this);
  }
}

package org.realera.concept;

/**
 * Random points round e as they are on average. With {@code rho = ||e||}, a point is {@code x = (1
 * + a) e + b v}, where v is perpendicular to e and as likely to point one way as any other, and its
 * partner round e* is {@code y = e* + a' e + b' v}. So with K = L d - 1 and {@code C = L I - e^T e
 * / rho^2}
 *
 * <pre>
 *   E[x^T x] = own e^T e + spread C
 *   E[y^T x] = anchor e*^T e + along e^T e + both C
 * </pre>
 *
 * <p>over the points that are accepted.
 *
 * @param own {@code E[(1 + a)^2]}
 * @param spread {@code E[b^2 ||v||^2] / K}
 * @param anchor {@code E[1 + a]}
 * @param along {@code E[(1 + a) a']}
 * @param both {@code E[b b' ||v||^2] / K}
 * @param accepted share of the draws that are accepted
 */
public record Moments(
    double own, double spread, double anchor, double along, double both, double accepted) {

  /** Steps over the angle between e and the direction of a point. */
  private static final int ANGLES = 400;

  /** Steps over the distance between e and the random point that gives the direction. */
  private static final int DISTANCES = 24;

  /** How far from the middle the sums go, in standard deviations. */
  private static final double REACH = 9;

  /**
   * Sums over all draws. The direction {@code u = (v - e) / ||v - e||} of a draw has a cosine t to
   * e, and that is all that counts of it: a = r t / rho, and b ||v|| = r sqrt(1 - t^2). Of one t
   * the radii r that are accepted are an interval, over which the integral is known.
   *
   * @param elements L d
   * @param norm rho
   * @param from smallest r, as ||n||
   * @param to r that no point reaches
   * @param cosines that are accepted
   * @param partner mean of the partners' ||n'||
   * @return {@code accepted} 0 and no numbers otherwise, if no draw is accepted
   */
  static Moments of(
      long elements, double norm, double from, double to, Cosines cosines, double partner) {
    double k = elements - 1;
    double scale = 1 / Math.sqrt(norm * norm + k);
    double middle = Math.acos(-norm * scale);
    double highestLikelihood = logLikelihood(k, norm, middle);
    double drawn = 0;
    double all = 0;
    double own = 0;
    double spread = 0;
    double anchor = 0;
    double along = 0;
    double both = 0;
    for (int i = 0; i <= ANGLES; i++) {
      double angle = middle + scale * REACH * (2.0 * i / ANGLES - 1);
      if (angle <= 0 || angle >= Math.PI) {
        continue;
      }
      double weight = Math.exp(logLikelihood(k, norm, angle) - highestLikelihood);
      double least = Math.min(to / norm, Math.max(from / norm, radius(cosines.highest(), angle)));
      double most = Math.max(least, Math.min(to / norm, radius(cosines.lowest(), angle)));
      double r0 = weight * (most - least);
      double r1 = weight * (most * most - least * least) / 2;
      double r2 = weight * (most * most * most - least * least * least) / 3;
      double t = Math.cos(angle);
      drawn += weight * (to - from) / norm;
      all += r0;
      own += r0 + 2 * t * r1 + t * t * r2;
      spread += (1 - t * t) * r2;
      anchor += r0 + t * r1;
      along += t * (r0 + t * r1);
      both += (1 - t * t) * r1;
    }
    double variance = norm * norm / k;
    double share = partner / norm;
    return new Moments(
        own / all,
        variance * spread / all,
        anchor / all,
        share * along / all,
        share * variance * both / all,
        all / drawn);
  }

  /**
   * The radius, in units of rho, at which a point has a cosine to e: the farther, the lower.
   *
   * @param angle between e and the direction
   */
  private static double radius(double cosine, double angle) {
    double seen = Math.acos(Math.max(-1, Math.min(1, cosine)));
    return seen < angle ? Math.sin(seen) / Math.sin(angle - seen) : Double.POSITIVE_INFINITY;
  }

  /**
   * How likely an angle is, up to a factor: with R = ||v - e||, along e there is a normal number
   * less rho, across e a chi of K degrees, so that the density is the integral over R of {@code R
   * exp(-(R cos + rho)^2 / 2) (R sin)^(K - 1) exp(-(R sin)^2 / 2)}.
   */
  private static double logLikelihood(double k, double norm, double angle) {
    double pull = -norm * Math.cos(angle);
    double mode = (pull + Math.sqrt(pull * pull + 4 * k)) / 2;
    double width = 1 / Math.sqrt(k / (mode * mode) + 1);
    double top = k * Math.log(mode) - mode * mode / 2 + mode * pull;
    double sum = 0;
    for (int i = 0; i <= DISTANCES; i++) {
      double r = mode + width * REACH * (2.0 * i / DISTANCES - 1);
      if (r > 0) {
        sum += Math.exp(k * Math.log(r) - r * r / 2 + r * pull - top);
      }
    }
    return (k - 1) * Math.log(Math.sin(angle)) + top + Math.log(sum * width);
  }
}

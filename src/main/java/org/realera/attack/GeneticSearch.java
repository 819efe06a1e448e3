package org.realera.attack;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.realera.config.RingABellSettings;
import org.realera.tensor.Batches;
import org.realera.tensor.Noise;
import org.realera.text.TextModel;

/**
 * Ring-A-Bell's genetic search. A generation: the better half stays; with probability {@code
 * crossover} a prompt has two children with another, cut at one place; with probability {@code
 * mutation} one token of a prompt, child or not, is drawn anew. The very best is never changed,
 * which the authors do not see to. Nothing is measured twice.
 */
final class GeneticSearch {
  /** What is left to chance; a test gives what it knows. */
  interface Draws {
    /** A number in [0, 1). */
    double chance();

    /** A whole number in [0, n). */
    int below(int n);

    static Draws of(Noise noise) {
      return new Draws() {
        @Override
        public double chance() {
          return noise.uniform(0, 1);
        }

        @Override
        public int below(int n) {
          return (int) noise.integer(n);
        }
      };
    }
  }

  /**
   * One prompt.
   *
   * @param tokens K ids
   * @param distance from the target; NaN where it is not measured yet
   */
  @SuppressWarnings("ArrayRecordComponent") // never changed, never compared
  record Member(long[] tokens, double distance) {
    Member(long[] tokens) {
      this(tokens, Double.NaN);
    }
  }

  private final RingABellSettings k;
  private final Draws draws;
  private final long[] vocabulary;
  private final Function<List<long[]>, double[]> fitness;
  private List<Member> population = new ArrayList<>();

  /**
   * Draws the first generation.
   *
   * @param vocabulary ids that may be drawn
   * @param fitness the distance of each of at most {@link TextModel#AT_ONCE} prompts
   */
  GeneticSearch(
      RingABellSettings settings,
      Draws draws,
      long[] vocabulary,
      Function<List<long[]>, double[]> fitness) {
    this.k = settings;
    this.draws = draws;
    this.vocabulary = vocabulary;
    this.fitness = fitness;
    for (int i = 0; i < k.population(); i++) {
      long[] tokens = new long[k.tokens()];
      for (int j = 0; j < tokens.length; j++) {
        tokens[j] = token();
      }
      population.add(new Member(tokens));
    }
  }

  /**
   * One generation.
   *
   * @param last whether nothing follows: then it has no children
   */
  void generation(boolean last) {
    List<Member> sorted = new ArrayList<>(measured(population));
    sorted.sort(Comparator.comparingDouble(Member::distance));
    List<Member> parents = sorted.subList(0, Math.min(sorted.size(), k.population() / 2));
    population = last ? List.copyOf(parents) : mutated(withChildren(parents));
  }

  /** The nearest of those that were measured: it stays first. */
  Member best() {
    return population.get(0);
  }

  /** The prompts as they are now. */
  List<Member> population() {
    return List.copyOf(population);
  }

  private List<Member> measured(List<Member> members) {
    List<long[]> unknown =
        members.stream()
            .filter(member -> Double.isNaN(member.distance()))
            .map(Member::tokens)
            .toList();
    List<Double> distances = new ArrayList<>();
    for (List<long[]> some : Batches.parts(unknown, TextModel.AT_ONCE)) {
      for (double distance : fitness.apply(some)) {
        distances.add(distance);
      }
    }
    var next = distances.iterator();
    return members.stream()
        .map(m -> Double.isNaN(m.distance()) ? new Member(m.tokens(), next.next()) : m)
        .toList();
  }

  private List<Member> withChildren(List<Member> parents) {
    List<Member> all = new ArrayList<>();
    for (Member one : parents) {
      all.add(one);
      if (draws.chance() < k.crossover()) {
        Member other = parents.get(draws.below(parents.size()));
        int cut = draws.below(k.tokens());
        all.add(child(one, other, cut));
        all.add(child(other, one, cut));
      }
    }
    return all;
  }

  /** The first {@code cut} tokens of one, the rest of another. */
  private static Member child(Member first, Member rest, int cut) {
    long[] tokens = rest.tokens().clone();
    System.arraycopy(first.tokens(), 0, tokens, 0, cut);
    return new Member(tokens);
  }

  private List<Member> mutated(List<Member> members) {
    List<Member> changed = new ArrayList<>(members);
    for (int i = 1; i < changed.size(); i++) {
      if (draws.chance() < k.mutation()) {
        long[] tokens = changed.get(i).tokens().clone();
        tokens[draws.below(tokens.length)] = token();
        changed.set(i, new Member(tokens));
      }
    }
    return changed;
  }

  private long token() {
    return vocabulary[draws.below(vocabulary.length)];
  }
}

package org.realera.method;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.realera.checkpoint.architecture.SchedulerConfig;
import org.realera.concept.Concept;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.diffusion.DdimScheduler;
import org.realera.method.LossTerms.Term;
import org.realera.tensor.Noise;

class LossTermsTest {
  private static final int ROWS = 8;
  private static final int WIDTH = 200;
  private static final int PREFIX = 3;

  private NDManager scope;
  private DdimScheduler scheduler;

  @BeforeEach
  void open() {
    scheduler =
        DdimScheduler.of(
            SchedulerConfig.read(
                Path.of("src/test/resources/golden/tiny-sd/scheduler/scheduler_config.json")));
    scope = NDManager.newBaseManager(Device.cpu());
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void anOddStepBringsTheConceptToItsAnchor() {
    Concept.Rows block = block(1);
    List<Term> terms = sampler(EraseRecipe.DEFAULT, concept(block)).draw(1, scope);
    assertThat(terms).hasSize(1);
    assertThat(terms.get(0).text()).isSameAs(block.encoded());
    assertThat(terms.get(0).target()).isSameAs(block.encodedAnchor());
    assertThat(terms.get(0).weight()).isEqualTo(1);
  }

  @Test
  void anEvenStepBringsANeighborToTheAnchorAndHoldsAPointBeyond() {
    Concept.Rows block = block(1);
    List<Term> terms = sampler(EraseRecipe.DEFAULT, concept(block)).draw(2, scope);
    assertThat(terms).extracting(Term::weight).containsExactly(0.3, 0.7);
    Term neighbor = terms.get(0);
    assertThat(neighbor.target()).isSameAs(block.encodedAnchor());
    assertThat(cosine(neighbor.text(), block)).isBetween(0.70, 0.98);
    Term beyond = terms.get(1);
    assertThat(beyond.target()).isSameAs(beyond.text());
    assertThat(cosine(beyond.text(), block)).isLessThan(0.70);
    assertThat(beyond.timestep()).isEqualTo(neighbor.timestep());
    assertThat(beyond.latents()).isSameAs(neighbor.latents());
    for (Term term : terms) {
      assertThat(term.text().get(":" + PREFIX)).isEqualTo(block.prefix());
    }
  }

  @Test
  void theSwitchesTakeAwayTheirTerm() {
    EraseRecipe full = EraseRecipe.DEFAULT;
    EraseRecipe noBeyond = full.with("beyond.enabled", false);
    EraseRecipe noMining = full.with("mining.enabled", false);
    Concept.Rows block = block(1);
    assertThat(weights(noBeyond, block)).containsExactly(0.3);
    assertThat(weights(noMining, block)).containsExactly(0.7);
    assertThat(weights(noBeyond.with("mining", noMining.mining()), block)).containsExactly(1.0);
  }

  @Test
  void aStepDependsOnSeedAndNumberAlone() {
    Concept concept = concept(block(1));
    Term first = sampler(EraseRecipe.DEFAULT, concept).draw(6, scope).get(0);
    LossTerms later = sampler(EraseRecipe.DEFAULT, concept);
    later.draw(1, scope);
    Term again = later.draw(6, scope).get(0);
    assertThat(again.timestep()).isEqualTo(first.timestep());
    assertThat(again.latents()).isEqualTo(first.latents());
    assertThat(again.text()).isEqualTo(first.text());
    Term other = sampler(EraseRecipe.DEFAULT.with("seed", 1), concept).draw(6, scope).get(0);
    assertThat(other.text()).isNotEqualTo(first.text());
  }

  /** Every sample of every step is drawn by itself. */
  @Test
  void noTwoSamplesOfABatchOrOfStepsAreTheSame() {
    EraseRecipe three = EraseRecipe.DEFAULT.with("alignment.batch", 3);
    LossTerms sampler = sampler(three, concept(block(1)));
    Set<List<Float>> seen = new HashSet<>();
    int terms = 0;
    for (int step = 1; step <= 7; step += 2) {
      for (Term term : sampler.draw(step, scope)) {
        List<Float> latents = new ArrayList<>();
        for (float number : term.latents().toFloatArray()) {
          latents.add(number);
        }
        seen.add(latents);
        terms++;
      }
    }
    assertThat(terms).isEqualTo(12);
    assertThat(seen).hasSize(terms);
  }

  @Test
  void conceptsAndTemplatesTakeTurnsByPairsOfSteps() {
    List<Concept.Rows> blocks = List.of(block(1), block(2), block(3), block(4));
    LossTerms sampler =
        new LossTerms(
            List.of(concept(blocks.get(0), blocks.get(1)), concept(blocks.get(2), blocks.get(3))),
            List.of(latents(), latents()),
            scheduler,
            EraseRecipe.DEFAULT);
    int[] order = {0, 2, 1, 3, 0};
    for (int i = 0; i < order.length; i++) {
      assertThat(sampler.draw(2 * i + 1, scope).get(0).text())
          .isSameAs(blocks.get(order[i]).encoded());
      assertThat(sampler.draw(2 * i + 2, scope).get(0).target())
          .isSameAs(blocks.get(order[i]).encodedAnchor());
    }
  }

  /** Concepts of three templates, of which a batch of two takes the next two each time. */
  @Test
  void aBatchTakesTheNextTemplatesAndSharesTheWeight() {
    List<Concept.Rows> blocks = List.of(block(1), block(2), block(3), block(4), block(5), block(6));
    LossTerms sampler =
        new LossTerms(
            List.of(
                concept(blocks.get(0), blocks.get(1), blocks.get(2)),
                concept(blocks.get(3), blocks.get(4), blocks.get(5))),
            List.of(latents(), latents()),
            scheduler,
            EraseRecipe.DEFAULT.with("alignment.batch", 2));
    int[][] order = {{0, 1}, {3, 4}, {2, 0}, {5, 3}, {1, 2}};
    Set<NDArray> noised = new HashSet<>();
    for (int pair = 0; pair < order.length; pair++) {
      List<Term> odd = sampler.draw(2 * pair + 1, scope);
      List<Term> even = sampler.draw(2 * pair + 2, scope);
      assertThat(odd).extracting(Term::weight).containsExactly(0.5, 0.5);
      assertThat(even).extracting(Term::weight).containsExactly(0.15, 0.35, 0.15, 0.35);
      for (int i = 0; i < 2; i++) {
        Concept.Rows p = blocks.get(order[pair][i]);
        assertThat(odd.get(i).text()).isSameAs(p.encoded());
        assertThat(even.get(2 * i).target()).isSameAs(p.encodedAnchor());
        noised.add(odd.get(i).latents());
        noised.add(even.get(2 * i).latents());
      }
    }
    assertThat(noised.stream().map(z -> List.of(z.toFloatArray()[0], z.toFloatArray()[1])))
        .as("every term has noise of its own")
        .doesNotHaveDuplicates()
        .hasSize(20);
  }

  private List<Double> weights(EraseRecipe recipe, Concept.Rows block) {
    return sampler(recipe, concept(block)).draw(2, scope).stream().map(Term::weight).toList();
  }

  private LossTerms sampler(EraseRecipe recipe, Concept concept) {
    return new LossTerms(List.of(concept), List.of(latents()), scheduler, recipe);
  }

  private Concept concept(Concept.Rows... rows) {
    return new Concept(new ConceptPair("c", "c*"), List.of(rows));
  }

  private NDArray latents() {
    return new Noise(7).normal(scope, new Shape(3, 4, 4, 4));
  }

  private Concept.Rows block(long seed) {
    NDArray encoded = new Noise(seed).normal(scope, new Shape(ROWS, WIDTH));
    NDArray anchor = new Noise(seed + 100).normal(scope, new Shape(ROWS, WIDTH));
    String from = PREFIX + ":";
    return new Concept.Rows(
        "p", "p*", encoded.get(from), anchor.get(from), encoded.get(":" + PREFIX), encoded, anchor);
  }

  private static double cosine(NDArray text, Concept.Rows block) {
    NDArray rows = text.get(PREFIX + ":");
    double dot = rows.mul(block.e()).sum().getFloat();
    return dot / ((double) rows.norm().getFloat() * block.e().norm().getFloat());
  }

  @Test
  void timestepsSpreadOverAllThatTheModelWasTrainedOn() {
    LossTerms terms = sampler(EraseRecipe.DEFAULT, concept(block(1)));
    List<Long> drawn =
        java.util.stream.IntStream.rangeClosed(1, 200)
            .mapToObj(step -> terms.draw(step, scope).get(0).timestep())
            .toList();
    assertThat(drawn).allMatch(t -> t >= 0 && t < scheduler.trainTimesteps());
    assertThat(drawn).anyMatch(t -> t < scheduler.trainTimesteps() / 4);
    assertThat(drawn).anyMatch(t -> t > 3 * scheduler.trainTimesteps() / 4);
  }
}

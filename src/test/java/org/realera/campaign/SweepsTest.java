package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.RecipeReader;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.eval.Drawn;
import org.realera.eval.EvalRequest;
import org.realera.eval.EvalResult;
import org.realera.eval.metrics.Figures;
import org.realera.eval.metrics.Interval;
import org.realera.eval.metrics.Summary;
import org.realera.eval.report.HeatMap;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.SuiteReader;
import org.realera.tensor.ComputeChoice;

class SweepsTest {
  private static final List<String> SHIPPED =
      List.of("object", "celebrity", "style", "explicit", "pocket");

  /** Measures nothing: Acc_g of the closed set is M of the recipe, that of the open set N. */
  private static class CountingRunner implements Runner {
    final List<EraseRecipe> recipes = new ArrayList<>();
    final @Nullable Double refusedD1;

    CountingRunner(@Nullable Double refusedD1) {
      this.refusedD1 = refusedD1;
    }

    @Override
    public EraseResult erase(EraseRequest request, Progress progress) {
      if (Objects.equals(request.recipe().mining().d1(), refusedD1)) {
        throw RealeraException.usage("no neighbors", "Take a larger d1.");
      }
      recipes.add(request.recipe());
      Path out = request.out();
      return new EraseResult(out, out, out, Map.of(), 1.25, false);
    }

    @Override
    public EvalResult evaluate(EvalRequest request, ComputeChoice compute, Progress progress) {
      EraseRecipe recipe = recipes.get(recipes.size() - 1);
      Summary.Both closed = both(recipe.mining().samples());
      Summary.Both open = both(recipe.beyond().samples());
      var model = new Summary.Model("f", closed, open, List.of(), null, null, null, null);
      var run = new Summary.Run("s", "l", "airplane", "sky", 1, List.of(), model, null);
      Summary summary = new Summary("x", List.of(run), List.of());
      return new EvalResult(request.out(), request.shard(), summary, null, 1, 0, 1);
    }

    private static Summary.Both both(double value) {
      Interval at = new Interval(value, value, value);
      Figures figures = new Figures(at, at, at, at);
      return new Summary.Both(figures, figures);
    }
  }

  /** Keeps what it is told. */
  private static final class Notes implements Progress {
    final List<String> lines = new ArrayList<>();

    @Override
    public void note(String line) {
      lines.add(line);
    }
  }

  private final Notes notes = new Notes();

  private List<HeatMap> maps(CountingRunner runner, EraseRecipe base) {
    ModelRef model = new ModelRef("pocket", Path.of("/m"));
    Campaign.Setting setting =
        new Campaign.Setting(
            SuiteReader.read("cifar10"),
            model,
            model,
            Drawn.AS_THE_SUITE_SAYS,
            ComputeChoice.of("cpu", "fp32"),
            Shard.WHOLE,
            Path.of("runs"));
    Campaign campaign = new Campaign(setting, runner, notes);
    return new Sweeps(campaign, new ConceptPair("airplane", "sky"), base, 2).maps();
  }

  private static EraseRecipe shipped(String name) {
    return RecipeReader.read(Path.of("configs/erase", name + ".yaml"));
  }

  @Test
  void theRecipesOwnValuesStandInEachSweepAndNothingIsAligned() {
    for (String name : SHIPPED) {
      EraseRecipe base = shipped(name);
      CountingRunner runner = new CountingRunner(null);
      List<HeatMap> maps = maps(runner, base);
      assertThat(runner.recipes).hasSize(32);
      assertThat(runner.recipes).noneMatch(recipe -> recipe.alignment().enabled());
      assertThat(runner.recipes.stream().distinct()).hasSize(31);
      assertThat(runner.recipes)
          .filteredOn(
              recipe ->
                  recipe.mining().equals(base.mining()) && recipe.beyond().equals(base.beyond()))
          .as(name)
          .hasSize(2);
      assertThat(maps)
          .extracting(HeatMap::title)
          .containsExactly(
              "Erasing range: D1 and S2, closed set",
              "Erasing range: D1 and S2, open set",
              "Numbers of samples: M and N, closed set",
              "Numbers of samples: M and N, open set");
    }
  }

  /** Only what can't be erased leaves an empty cell; what is there with other settings is told. */
  @Test
  void imagesOfOtherSettingsAreNoEmptyCell() {
    CountingRunner runner =
        new CountingRunner(null) {
          @Override
          public EvalResult evaluate(
              EvalRequest request, ComputeChoice compute, Progress progress) {
            throw RealeraException.usage("3 samples there, 2 here", "Use another --out.");
          }
        };
    assertThatThrownBy(() -> maps(runner, shipped("object"))).hasMessage("3 samples there, 2 here");
  }

  @Test
  void rowsAndColumnsAreWhatTheySay() {
    List<HeatMap> maps = maps(new CountingRunner(null), shipped("object"));
    HeatMap m = maps.get(2);
    assertThat(m.rows()).containsExactly("5", "10", "20", "40");
    assertThat(m.columns()).containsExactly("100", "200", "400", "2000");
    assertThat(m.cells().get(3)).allMatch(cell -> accG(cell) == 40);
    assertThat(maps.get(3).cells()).allMatch(row -> accG(row.get(3)) == 2000);
    assertThat(maps.get(0).rows()).containsExactly("0.36", "0.54", "0.72", "0.9");
    assertThat(maps.get(0).columns()).containsExactly("0.5", "0.6", "0.7", "0.8");
  }

  /** Else a large D1 would leave its row empty. */
  @Test
  void d2AndTheAnchorsRadiusGiveWayToD1() {
    EraseRecipe narrow =
        shipped("object")
            .with(Map.of("beyond.d2", 0.8, "mining.d1", 0.72, "mining.d1_anchor", 0.4));
    CountingRunner runner = new CountingRunner(null);
    HeatMap map = maps(runner, narrow).get(0);
    assertThat(map.cells()).hasSize(4).allMatch(row -> row.size() == 4 && !row.contains(null));
    List<EraseRecipe> range = runner.recipes.subList(0, 16);
    assertThat(notes.lines).isEmpty();
    assertThat(range.stream().map(recipe -> recipe.beyond().d2()).distinct())
        .containsExactly(0.8, 0.72 + 0.2, 0.9 + 0.2);
    assertThat(range).allMatch(recipe -> recipe.beyond().d2() >= recipe.mining().d1() + 0.2);
    assertThat(range.stream().map(recipe -> recipe.mining().d1Anchor()).distinct())
        .containsExactly(0.36 / 2, 0.54 / 2, 0.72 / 2, 0.4);
  }

  @Test
  void thresholdsThatCannotBeMetLeaveTheirCellEmpty() {
    HeatMap map = maps(new CountingRunner(0.36), shipped("object")).get(0);
    assertThat(notes.lines).hasSize(4).first().isEqualTo("d10.36-s20.5: no neighbors");
    assertThat(map.cells().get(0)).containsOnlyNulls();
    assertThat(map.cells().get(1)).doesNotContainNull();
  }

  private static double accG(@Nullable Figures figures) {
    return figures == null || figures.accG() == null ? Double.NaN : figures.accG().value();
  }
}

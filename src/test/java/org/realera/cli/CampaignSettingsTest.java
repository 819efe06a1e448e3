package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.realera.RealeraException;
import org.realera.campaign.Way;
import org.realera.config.SaSettings;

/** {@code --set} for the erasures of a campaign: none is dropped or overwritten without a word. */
class CampaignSettingsTest {
  private static final List<String> OF_SA = List.of("sa:steps=100");

  @TempDir private Path model;

  /** It is days of work on a large model, so that all is without it there. */
  @Test
  void aSettingOfSelectiveAmnesiaIsRefusedWhereAllLeavesThatOut() throws IOException {
    MethodChoice all = new MethodChoice(List.of("all"), null, OF_SA);
    all.check(); // the model may be small
    String why = "--set sa:steps=100 is for a method that all leaves out here";
    assertThatThrownBy(() -> all.ways(model)).isInstanceOf(RealeraException.class).hasMessage(why);
    assertThatThrownBy(new MethodChoice(List.of("all"), "object", OF_SA)::check).hasMessage(why);
    Files.writeString(model.resolve("card.json"), "{\"recipe\": \"pocket\", \"data\": []}");
    assertThat(all.ways(model)).extracting(Way::key).contains("sa", "uce", "sld-max");
  }

  @Test
  void aSettingOfSelectiveAmnesiaCountsWhereItIsNamed() {
    MethodChoice both = new MethodChoice(List.of("all", "sa"), "object", OF_SA);
    both.check();
    assertThat(both.ways(model))
        .filteredOn(way -> way.key().equals("sa"))
        .extracting(way -> ((Way.Erase) way.means()).recipe().settings(SaSettings.class).steps())
        .containsExactly(100);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "eval cifar10 --erase cat --methods uce,mace --set method=oce | --methods names the methods",
        "eval cifar10 --erase cat --methods uce,mace --set uce:method=oce | --methods names the",
        "eval attack --erase cat --methods uce --set uce:method=oce | --methods names the methods",
        "eval cifar10 --erase cat --methods uce --set concepts=[] | --erase names the concepts",
        "eval cifar10 --erase cat --set concepts=[] | --erase names the concepts",
        "eval attack --erase cat --set realera:concepts=[] | --erase names the concepts",
        "eval ablation -c cat --set concepts=[] | --concept names it"
      })
  void whatAnotherOptionDecidesIsRefused(String line, String decided) {
    CommandRun run = CommandRun.of((line + " -m pocket --out " + model).split(" "));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains("would have no effect: " + decided);
  }
}

package org.realera.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.Stopped;
import org.realera.checkpoint.ModelRef;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;
import org.realera.eval.Drawn;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.SuiteReader;
import org.realera.files.FileTree;
import org.realera.golden.Golden;
import org.realera.tensor.ComputeChoice;

/** What stands in the way of an erasure in a campaign, which has neither --force nor --resume. */
class ErasureOfCampaignTest {
  private static final ConceptPair PAIR = new ConceptPair("house", "the city");

  @TempDir private Path folder;

  private final Runner live = new Runner() {};

  private void erase(EraseRecipe recipe, Progress progress) {
    ModelRef model = new ModelRef("tiny", Golden.path("tiny-sd"));
    Campaign.Setting setting =
        new Campaign.Setting(
            SuiteReader.read("cifar10"),
            model,
            model,
            Drawn.AS_THE_SUITE_SAYS,
            ComputeChoice.of("cpu", "fp32"),
            Shard.WHOLE,
            folder);
    new Campaign(setting, live, progress).erase("house", PAIR, recipe);
  }

  private RealeraException refused(EraseRecipe recipe) {
    RealeraException error =
        catchThrowableOfType(RealeraException.class, () -> erase(recipe, Progress.NONE));
    assertThat(error).isNotNull();
    return error;
  }

  private static EraseRecipe uce(String setting) {
    return RecipeReader.builtIn("object", MethodName.UCE, List.of(setting));
  }

  @Test
  void aModelOfOtherSettingsIsToBeRemoved() throws IOException {
    erase(uce("erase_scale=1"), Progress.NONE);
    Path model = folder.resolve("models/house");
    RealeraException error = refused(uce("erase_scale=2"));
    assertThat(error.kind()).isEqualTo(Kind.USAGE);
    assertThat(error)
        .hasMessageStartingWith(model + " is complete, with other settings: ")
        .hasMessageContaining("erase_scale");
    assertThat(error.remedy()).isEqualTo("Remove " + model + ", or choose another --out.");
    FileTree.delete(model);
    erase(uce("erase_scale=2"), Progress.NONE);
    assertThat(model).exists();
  }

  @Test
  void aModelThatIsDamagedIsToBeRemoved() throws IOException {
    erase(uce("erase_scale=1"), Progress.NONE);
    Path model = folder.resolve("models/house");
    FileTree.delete(model.resolve("vae"));
    RealeraException error = refused(uce("erase_scale=1"));
    assertThat(error).hasMessageStartingWith(model + " is not complete any more: ");
    assertThat(error.remedy()).isEqualTo("Remove " + model + ", or choose another --out.");
  }

  private static EraseRecipe esd(int steps) {
    return RecipeReader.builtIn(
        "object", MethodName.ESD_X, List.of("steps=" + steps, "sampler_steps=2"));
  }

  /** Stops after the first step of the training. */
  private static final class StopInTraining implements Progress {
    private boolean steps;

    @Override
    public void step(long done, String note) {
      steps = true;
    }

    @Override
    public boolean stopRequested() {
      return steps;
    }
  }

  @Test
  void savedStepsOfOtherSettingsAreToBeRemoved() throws IOException {
    assertThatThrownBy(() -> erase(esd(3), new StopInTraining())).isInstanceOf(Stopped.class);
    Path state = folder.resolve("models/house.state");
    RealeraException error = refused(esd(2));
    assertThat(error)
        .hasMessageStartingWith("the unfinished run in " + state + " had other settings: ");
    assertThat(error.remedy()).isEqualTo("Remove " + state + ", or choose another --out.");
    Files.writeString(state.resolve("settings.json"), "{");
    error = refused(esd(3));
    assertThat(error.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(error.remedy()).isEqualTo("Remove " + state + ", or choose another --out.");
    FileTree.delete(state);
    erase(esd(2), Progress.NONE);
    assertThat(folder.resolve("models/house")).exists();
  }
}

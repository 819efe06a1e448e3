package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.config.EraseRecipe;
import org.realera.config.MethodName;
import org.realera.config.RecipeReader;

/** What a dry run says of model and device. */
class ErasePreviewTest {
  @TempDir private Path out;

  /** What changes is the method's to say: SPEED takes half of them, SPM and ESD-u others. */
  @Test
  void theNetworkIsWhatItIsWhateverTheMethodChanges() {
    for (MethodName method : MethodName.values()) {
      EraseRecipe recipe =
          RecipeReader.builtIn("object", method, List.of())
              .with("concepts", TinyModel.recipe().concepts());
      assertThat(ErasePreview.of(TinyModel.request(recipe, out.resolve("out"))))
          .as(method.label())
          .isEqualTo(
              new ErasePreview(
                  "16 x 16 pixels, text of width 32, 8 cross-attention projections", "cpu, fp32"));
    }
  }
}

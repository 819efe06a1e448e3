package org.realera.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.DiffusersWriter;
import org.realera.checkpoint.ModelRef;
import org.realera.golden.Golden;

class BrokenWeightsTest {
  private static final Path TINY = Golden.path("tiny-sd");

  @TempDir private Path temp;

  @ParameterizedTest
  @EnumSource(Target.class)
  void weightsThatAreNotNumbersAreNotPassedOn(Target target) throws IOException {
    Path broken = temp.resolve("broken");
    DiffusersWriter.write(Checkpoint.open(TINY), Map.of(), broken);
    Path unet = broken.resolve("unet/diffusion_pytorch_model.safetensors");
    byte[] bytes = Files.readAllBytes(unet);
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
    Files.write(unet, bytes);
    Path out = temp.resolve(target == Target.DIFFUSERS ? "out" : "out.safetensors");
    Optional<ModelRef> base =
        target.needsBase() ? Optional.of(new ModelRef("tiny", TINY)) : Optional.empty();
    ConvertRequest request =
        new ConvertRequest(
            new ModelRef("broken", broken),
            target,
            out,
            base,
            Optional.empty(),
            Optional.empty(),
            8,
            false);
    RealeraException e =
        catchThrowableOfType(RealeraException.class, () -> Conversion.run(request, Progress.NONE));
    assertThat(e).hasMessageContainingAll(unet.toString(), "NaN or infinity");
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(out).doesNotExist();
  }

  @Test
  void licencesTravelInASingleFile() throws IOException {
    Path model = temp.resolve("model");
    DiffusersWriter.write(Checkpoint.open(TINY), Map.of(), model);
    Files.createDirectories(model.resolve("licenses"));
    Files.writeString(model.resolve("licenses/MIT.txt"), "as is");
    Path file = temp.resolve("one.safetensors");
    convert(model, Target.SINGLE_FILE, file);
    Path again = temp.resolve("again");
    convert(file, Target.DIFFUSERS, again);
    assertThat(again.resolve("licenses/MIT.txt")).hasContent("as is");
  }

  private static void convert(Path from, Target target, Path out) {
    Conversion.run(
        new ConvertRequest(
            new ModelRef("m", from),
            target,
            out,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            8,
            false),
        Progress.NONE);
  }
}

package org.realera.erase;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.checkpoint.DiffusersModel;
import org.realera.checkpoint.SingleFileWriter;

/** The miniature in the original layout. */
class SingleFileErasureTest {
  private static final PriorCache CACHE = new PriorCache(Path.of("target/prior-cache"));

  @TempDir Path root;

  @Test
  void aSingleFileIsErasedToTheSameTensorsAsTheFolder() throws IOException {
    Path file = root.resolve("tiny.safetensors");
    SingleFileWriter.write(DiffusersModel.open(TinyModel.FOLDER), Optional.empty(), Map.of(), file);
    run(TinyModel.request(TinyModel.recipe(), root.resolve("folder")));
    EraseRequest of = TinyModel.request(TinyModel.recipe(), root.resolve("single"));
    run(
        new EraseRequest(
            of.modelRef(), file, of.recipe(), of.out(), of.device(), of.dtype(), false, false));
    assertThat(DiffusersModel.open(root.resolve("single")).fingerprints())
        .isEqualTo(DiffusersModel.open(root.resolve("folder")).fingerprints());
    var contents = TinyModel.contents(root.resolve("single"));
    TinyModel.contents(root.resolve("folder"))
        .forEach(
            (name, hash) -> {
              if (!name.endsWith(".safetensors") && !name.equals("report.html")) {
                assertThat(contents).as(name).containsEntry(name, hash);
              }
            });
  }

  private static void run(EraseRequest request) {
    Erasure.run(request, ProgressListener.NONE, new Interruption(), CACHE);
  }
}

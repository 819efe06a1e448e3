package org.realera.checkpoint.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.files.Environment;

class PocketModelTest {
  private static final String FAKE = "/org/realera/checkpoint/pocket/";

  @TempDir Path cache;

  @Test
  void unpacksModelAndScorerOnce() throws IOException {
    Path model = pocket().modelFolder();
    assertThat(model).startsWith(cache.resolve("pocket"));
    assertThat(model.resolve("model_index.json")).hasContent("{\"fake\": true}");
    assertThat(model.resolve("unet/weights.txt")).hasContent("0123456789");
    assertThat(pocket().scorer().resolve("config.json")).exists();
    assertThat(pocket().modelFolder()).isEqualTo(model);
    assertThat(leftovers()).hasSize(1);
  }

  @Test
  void aDamagedCopyIsReplaced() throws IOException {
    Path weights = pocket().modelFolder().resolve("unet/weights.txt");
    Files.writeString(weights, "9876543210");
    assertThat(pocket().modelFolder().resolve("unet/weights.txt")).hasContent("0123456789");
    Files.delete(weights);
    assertThat(pocket().modelFolder().resolve("unet/weights.txt")).hasContent("0123456789");
    assertThat(leftovers()).hasSize(1);
  }

  @Test
  void manyMayUnpackAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Path>> folders =
          threads.invokeAll(
              Stream.generate(() -> (Callable<Path>) () -> pocket().modelFolder())
                  .limit(32)
                  .collect(Collectors.toList()));
      Path first = folders.get(0).get();
      for (Future<Path> folder : folders) {
        assertThat(folder.get()).isEqualTo(first);
      }
      assertThat(first.resolve("unet/weights.txt")).hasContent("0123456789");
      assertThat(leftovers()).hasSize(1);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aFileThatIsNotTheOneThatWasPackedIsRefusedAndNothingIsLeft() throws IOException {
    assertThatThrownBy(() -> pocket("/org/realera/checkpoint/pocket-damaged/").modelFolder())
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("model_index.json is not the file that was packed")
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.DAMAGED);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void aBuildWithoutThePocketModelSaysSo() {
    assertThatThrownBy(() -> pocket("/org/realera/nowhere/").modelFolder())
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("holds no pocket model")
        .extracting(e -> ((RealeraException) e).kind())
        .isEqualTo(Kind.NOT_FOUND);
  }

  @Test
  void aCacheThatCanNotBeWrittenIsNamedWithTheWayOut() throws IOException {
    Path file = Files.createFile(cache.resolve("file"));
    PocketModel pocket =
        new PocketModel(new Environment(Map.of("REALERA_CACHE", file.toString())), FAKE);
    assertThatThrownBy(pocket::modelFolder)
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining(file.toString())
        .extracting(e -> ((RealeraException) e).remedy())
        .asString()
        .contains("REALERA_CACHE");
  }

  private PocketModel pocket() {
    return pocket(FAKE);
  }

  private PocketModel pocket(String resources) {
    return new PocketModel(new Environment(Map.of("REALERA_CACHE", cache.toString())), resources);
  }

  private Set<Path> leftovers() throws IOException {
    try (Stream<Path> entries = Files.list(cache.resolve("pocket"))) {
      return entries.collect(Collectors.toSet());
    }
  }
}

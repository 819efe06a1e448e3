package org.realera.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class ManifestTest {
  private static final String WHOLE =
      """
      {
        "realera" : "0.1.0",
        "model" : {
          "ref" : "pocket",
          "sha256" : {
            "text_encoder" : "ab",
            "unet" : "cd"
          },
          "previous" : {
            "realera" : "0.0.9",
            "of its own" : 1
          }
        },
        "compute" : {
          "device" : "cpu",
          "dtype" : "fp32",
          "engine" : "PyTorch 2.7.1, 2 threads"
        },
        "seed" : 3000000000,
        "recipe" : {
          "concepts" : [ {
            "concept" : "airplane",
            "anchor" : "sky"
          }, {
            "concept" : "ship",
            "anchor" : "sea"
          } ],
          "seed" : 3000000000
        },
        "results" : {
          "samples" : {
            "neighbors" : 60
          },
          "closed-form" : {
            "condition" : 12.5
          }
        },
        "losses" : [ 0.25, 1.0E-5 ],
        "timings" : {
          "open" : 0.5,
          "total" : 2.0
        }
      }
      """;

  @TempDir private Path folder;

  @Test
  void aFileThatIsReadAndWrittenIsTheSameBytes() throws IOException {
    Manifest manifest = read(WHOLE);
    Path copy = Files.createDirectory(folder.resolve("copy"));
    manifest.write(copy);
    assertThat(Files.readString(copy.resolve("realera.json"))).isEqualTo(WHOLE);
  }

  @Test
  void itSaysWhatWasErasedFromWhat() throws IOException {
    Manifest manifest = read(WHOLE);
    assertThat(manifest.version()).isEqualTo("0.1.0");
    assertThat(manifest.model().ref()).isEqualTo("pocket");
    assertThat(manifest.model().sha256()).containsEntry("unet", "cd").hasSize(2);
    assertThat(manifest.pairs()).containsExactly("airplane=sky", "ship=sea");
    assertThat(manifest.seed()).isEqualTo(3_000_000_000L);
    assertThat(Manifest.find(folder)).contains(manifest);
  }

  @Test
  void whatIsLeftOutIsEmptyAndWhatIsNotKnownIsIgnored() throws IOException {
    Manifest manifest = read("{\"of a later version\": {\"a\": 1}, \"compute\": {\"b\": 2}}");
    assertThat(manifest.version()).isEmpty();
    assertThat(manifest.model().ref()).isEmpty();
    assertThat(manifest.model().sha256()).isEmpty();
    assertThat(manifest.compute().device()).isEmpty();
    assertThat(manifest.erased()).isEmpty();
  }

  @Test
  void aModelWithoutOneIsSomebodyElses() {
    assertThat(Manifest.find(folder)).isEmpty();
    RealeraException e = catchThrowableOfType(RealeraException.class, () -> Manifest.read(folder));
    assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "null", "{\"seed\": \"many\"}", "{\"model\": 3}"})
  void aDamagedOneIsToldByName(String text) {
    RealeraException e = catchThrowableOfType(RealeraException.class, () -> read(text));
    assertThat(e.kind()).isEqualTo(Kind.DAMAGED);
    assertThat(e).hasMessageContaining(folder.resolve("realera.json").toString());
    assertThat(e.remedy()).contains("move it away");
  }

  private Manifest read(String text) throws IOException {
    Files.writeString(folder.resolve("realera.json"), text);
    return Manifest.read(folder);
  }
}

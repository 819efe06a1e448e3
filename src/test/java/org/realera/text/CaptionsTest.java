package org.realera.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;

class CaptionsTest {
  @TempDir private Path root;

  private Path file(String text) throws IOException {
    return Files.writeString(root.resolve("captions"), text);
  }

  @Test
  void linesAreCaptionsEachOnce() throws IOException {
    Captions captions = Captions.read(file("  A man\n\nTwo dogs # and a cat\nA man\r\n"));
    assertThat(captions.texts()).containsExactly("A man", "Two dogs # and a cat");
    assertThat(captions.sha256()).hasSize(64);
  }

  @Test
  void cocosFileHasACaptionInEachAnnotation() throws IOException {
    String coco =
        """
        {"info": {"caption": 3}, "images": [{"id": 1, "file_name": "caption"}],
         "annotations": [{"image_id": 1, "id": 2, "score": NaN, "caption": "A bicycle.\\n"},
                         {"image_id": 1, "id": 3, "caption": "Two \\u00e9clairs"},
                         {"image_id": 1, "id": 4, "caption": " "},
                         {"image_id": 1, "id": 5, "caption": "A bicycle."}]}
        """;
    assertThat(Captions.read(file(coco)).texts()).containsExactly("A bicycle.", "Two \u00e9clairs");
  }

  @Test
  void aListOfJsonHasCaptionsAsWell() throws IOException {
    String annotations =
        "\n[{\"caption\": \"A dog\", \"tags\": [\"x\"]}, {\"caption\": \"A cat\"}]";
    assertThat(Captions.read(file(annotations)).texts()).containsExactly("A dog", "A cat");
    assertThat(Captions.read(file("[\"A dog\", \" \", \"A cat \"]")).texts())
        .containsExactly("A dog", "A cat");
    refused(file("[1, [\"A dog\"]]"), Kind.DAMAGED, "has no captions");
  }

  @Test
  void aCaptionThatTheModelReadsNothingInIsNone() throws IOException {
    assertThat(Captions.read(file("A dog\n\u00a0\n\u200b\ufeff\n")).texts())
        .containsExactly("A dog");
    assertThat(Captions.read(file("[\"A dog\", \"\u00a0\u00ad\"]")).texts())
        .containsExactly("A dog");
  }

  @Test
  void theLinesOfATableAreNoCaptions() throws IOException {
    Path table = Files.writeString(root.resolve("captions.CSV"), "image,caption\n1.jpg,A dog\n");
    refused(table, Kind.USAGE, "is by its name no text of one entry a line");
  }

  /** As Flickr8k, Flickr30k and their copies have them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "image,caption\n1000268201_693b08cb0e.jpg,A child\n1000268201_693b08cb0e.jpg,A girl\n",
        "1000092795.jpg#0\tTwo young guys\n1000092795.jpg#1\tTwo men\n",
        "image_name| comment_number| comment\n1.JPG| 0| Two men\n2.JPG| 0| A dog\n",
        "\"a/1.png\",\"A dog\"\n\"a/2.png\",\"A cat\"\n",
        "1.jpeg A dog\n\n2.jpeg A cat\n"
      })
  void namesOfImagesAreNoCaptions(String text) throws IOException {
    refused(file(text), Kind.USAGE, ": its lines begin with the names of pictures, such as ");
  }

  /** The web's captions are not tidy. */
  @Test
  void aCaptionThatIsANameAmongOthersIsLeft() throws IOException {
    String text = "IMG_1.jpg - a dog\nA cat.jpg\nhow to open a .png file\nA man";
    assertThat(Captions.read(file(text)).texts()).hasSize(4).contains("IMG_1.jpg - a dog");
  }

  private static void refused(Path file, Kind kind, String message) {
    assertThatThrownBy(() -> Captions.read(file))
        .isInstanceOf(RealeraException.class)
        .satisfies(e -> assertThat(((RealeraException) e).kind()).isEqualTo(kind))
        .hasMessageContaining(file.toString())
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n \n", "{}", "{\"annotations\": []}", "{\"caption\": 3}"})
  void aFileWithNoneIsDamaged(String text) throws IOException {
    refused(file(text), Kind.DAMAGED, "has no captions");
  }

  @Test
  void brokenJsonIsDamaged() throws IOException {
    refused(file("{\"annotations\": [{\"caption\": \"A"), Kind.DAMAGED, "is not JSON");
    Path cut = file("{\"annotations\":\n [{\"caption\": \"A\"}");
    refused(cut, Kind.DAMAGED, "(start marker at line: 2) (line 2)");
    assertThatThrownBy(() -> Captions.read(cut)).hasMessageNotContaining("Source");
  }

  @Test
  void whatIsNoTextIsDamaged() throws IOException {
    Path file = root.resolve("bytes");
    Files.write(file, new byte[] {'a', '\n', (byte) 0xff});
    refused(file, Kind.DAMAGED, "not UTF-8");
    refused(root, Kind.DAMAGED, "is a folder");
    refused(file("A dog\nA\0"), Kind.DAMAGED, "line 2: the text is not UTF-8: it has a NUL");
  }

  @Test
  void aMissingFileIsNotFound() {
    refused(root.resolve("none"), Kind.NOT_FOUND, "there are no captions");
  }
}

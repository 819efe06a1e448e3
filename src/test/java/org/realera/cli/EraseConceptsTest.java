package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.realera.cli.EraseLine.recipe;
import static org.realera.cli.EraseLine.request;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.config.ConceptPair;
import org.realera.config.EraseRecipe;

/** Concepts, anchors and what is kept: on the command line and in lists. */
class EraseConceptsTest {
  @TempDir private Path folder;

  @Test
  void conceptsBringTheirAnchorsOrTakeThemInOrder() {
    assertThat(recipe("erase", "-c", "cat=dog", "-c", "ship=the sea").concepts())
        .containsExactly(new ConceptPair("cat", "dog"), new ConceptPair("ship", "the sea"));
    assertThat(recipe("erase", "-c", "cat", "-c", "ship=sea", "-c", "car", "-a", "x").concepts())
        .containsExactly(
            new ConceptPair("cat", "x"),
            new ConceptPair("ship", "sea"),
            new ConceptPair("car", "x"));
    assertThat(recipe("erase", "-c", "cat", "-a", "dog", "-c", "car", "-a", "road").concepts())
        .containsExactly(new ConceptPair("cat", "dog"), new ConceptPair("car", "road"));
  }

  @Test
  void aFileListsConceptsAndAnotherWhatToKeep() throws IOException {
    Path concepts = folder.resolve("people.txt");
    Files.writeString(
        concepts, "\uFEFF# people\nTom Cruise=a man\n\n  Emma Stone  # her own anchor below\nC#\n");
    Path kept = folder.resolve("kept.txt");
    Files.writeString(kept, "Tom Hanks\nhorse\nTom Hanks\n");
    EraseRecipe recipe =
        recipe(
            "erase",
            "-c",
            "cat",
            "--concept-file",
            concepts.toString(),
            "-a",
            "a person",
            "--preserve",
            "horse",
            "--preserve-file",
            kept.toString());
    assertThat(recipe.concepts())
        .containsExactly(
            new ConceptPair("cat", "a person"),
            new ConceptPair("Tom Cruise", "a man"),
            new ConceptPair("Emma Stone", "a person"),
            new ConceptPair("C#", "a person"));
    assertThat(recipe.preserve()).containsExactly("horse", "Tom Hanks");
  }

  @Test
  void whatComesAlongUnseenWithANameIsNoPartOfIt() throws IOException {
    Path concepts = folder.resolve("people.txt");
    Files.writeString(
        concepts, "Beyonce\u0301\u00a0# accents\n\u00a0\u200b\n\u200bDal\u00ed=a man\n");
    Path kept = Files.writeString(folder.resolve("kept.txt"), "horse\u00a0\n");
    EraseRecipe recipe =
        recipe(
            "erase",
            "-c",
            "air\u200bplane\u00a0=\u00a0sky",
            "--concept-file",
            concepts.toString(),
            "-a",
            "a\u00a0person",
            "--preserve",
            "\ufeffhorse",
            "--preserve-file",
            kept.toString());
    assertThat(recipe.concepts())
        .containsExactly(
            new ConceptPair("airplane", "sky"),
            new ConceptPair("Beyonc\u00e9", "a person"),
            new ConceptPair("Dal\u00ed", "a man"));
    assertThat(recipe.preserve()).containsExactly("horse");
    String[] twice = {"erase", "-m", "pocket", "-a", "x", "-c", "cat", "-c", "c\u00adat"};
    assertThat(CommandRun.of(twice).err()).contains("concepts has \"cat\" twice");
  }

  @Test
  void aListThatNamesAConceptTwiceOrNoneIsAnError() throws IOException {
    Path list = folder.resolve("list.txt");
    Files.writeString(list, "cat=dog\nship=sea\nCat=sky\n");
    CommandRun twice = CommandRun.of("erase", "-m", "pocket", "--concept-file", list.toString());
    assertThat(twice.code()).isEqualTo(2);
    assertThat(twice.err()).contains(list + ", line 3: concepts has \"Cat\" twice");
    Files.writeString(list, "# people\ncat=dog\n\nship\n");
    CommandRun open = CommandRun.of("erase", "-m", "pocket", "--concept-file", list.toString());
    assertThat(open.code()).isEqualTo(2);
    assertThat(open.err())
        .contains(list + ", line 4: concept 'ship' has no anchor")
        .contains("write airplane=sky");
    CommandRun dir = CommandRun.of("erase", "-m", "pocket", "--concept-file", folder.toString());
    assertThat(dir.code()).isEqualTo(2);
    assertThat(dir.err()).contains(folder + " is a folder, not a list");
    Files.writeString(list, "# nothing yet\n");
    CommandRun none = CommandRun.of("erase", "-m", "pocket", "--concept-file", list.toString());
    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains(list + " has no entries");
    CommandRun missing = CommandRun.of("erase", "-m", "pocket", "--preserve-file", "no/such.txt");
    assertThat(missing.code()).isEqualTo(3);
    assertThat(missing.err()).contains("there is no list no/such.txt");
  }

  @Test
  void whatIsNoListOfLinesIsNotReadAsOne() throws IOException {
    Path utf16 = folder.resolve("list.txt");
    Files.write(utf16, "cat\r\n".getBytes(StandardCharsets.UTF_16LE));
    CommandRun wide = CommandRun.of("erase", "-m", "pocket", "--concept-file", utf16.toString());
    assertThat(wide.code()).isEqualTo(4);
    assertThat(wide.err()).contains(utf16 + ", line 1: the text is not UTF-8: it has a NUL");
    for (String name : List.of("people.csv", "people.JSON", "people.yaml")) {
      Path list = Files.writeString(folder.resolve(name), "Tom Cruise,a man\n");
      CommandRun run = CommandRun.of("erase", "-m", "pocket", "--concept-file", list.toString());
      assertThat(run.code()).as(name).isEqualTo(2);
      assertThat(run.err()).contains(list + " is by its name no text of one entry a line");
    }
  }

  private static CommandRun planned(String option, Path list) {
    String line = "erase -m pocket -c cat -a sky --dry-run " + option + " ";
    return CommandRun.of((line + list).split(" "));
  }

  @Test
  void aLineOfAProgramsListIsRefused() throws IOException {
    Path list = folder.resolve("list.txt");
    for (String line :
        List.of("\"Adam Driver\",  # an actor", "Adam Driver;", "'Adam Driver'", "«Adam Driver»")) {
      Files.writeString(list, "ship\n" + line + "\n");
      for (String option : List.of("--concept-file", "--preserve-file")) {
        CommandRun run = planned(option, list);
        assertThat(run.code()).as(option + " " + line).isEqualTo(2);
        assertThat(run.err())
            .contains(list + ", line 2: ")
            .contains("expected the bare words of one entry")
            .contains("Write one entry a line");
      }
    }
    Files.writeString(list, "Sammy Davis, Jr.\n\"Weird Al\" Yankovic\n");
    assertThat(recipe("erase", "-c", "cat=dog", "--preserve-file", list.toString()).preserve())
        .containsExactly("Sammy Davis, Jr.", "\"Weird Al\" Yankovic");
  }

  @Test
  void aNameThatLostALetterBeforeIsRefused() throws IOException {
    Path list = folder.resolve("list.txt");
    Files.writeString(list, "ship\nBeyonc\uFFFD # singer\n");
    for (String option : List.of("--concept-file", "--preserve-file")) {
      CommandRun run = planned(option, list);
      assertThat(run.code()).as(option).isEqualTo(4);
      assertThat(run.err())
          .contains(
              list + ", line 2: 'Beyonc\uFFFD' has a character that could not be read (U+FFFD)")
          .contains("Write that letter anew");
    }
    Files.writeString(list, "ship # not Beyonc\uFFFD\n");
    assertThat(recipe("erase", "-c", "cat=dog", "--preserve-file", list.toString()).preserve())
        .containsExactly("ship");
  }

  @Test
  void theDefaultOutputIsNamedAfterTheConcepts() {
    assertThat(EraseOptions.defaultOut(List.of(new ConceptPair("Tom Cruise", "a person"))))
        .isEqualTo(Path.of("out/no-tom-cruise"));
    assertThat(
            EraseOptions.defaultOut(
                List.of(new ConceptPair("cat", "dog"), new ConceptPair("é/..", "b"))))
        .isEqualTo(Path.of("out/no-cat-e"));
  }

  @Test
  void ofManyConceptsSomeAreNamedAndTheOthersCounted() throws IOException {
    Path list = folder.resolve("list.txt");
    Files.writeString(list, "a1\na2\na3\na4\na5\na6\na7\na8\n");
    String[] args = {"erase", "-m", "pocket", "--concept-file", list.toString(), "--anchor", "sky"};
    assertThat(request(args).out()).isEqualTo(Path.of("out/no-a1-a2-a3-and-5-more"));
    assertThat(CommandRun.of(args).out())
        .contains("Erased a1 -> sky, a2 -> sky, a3 -> sky, a4 -> sky, a5 -> sky and 3 more in");
  }

  @Test
  void thePlanSaysThatNotAllOfManyConceptsAreDrawn() {
    assertThat(plan(9)).contains("report.html (its pictures are of the first 8 of 9 concepts)\n");
    assertThat(plan(8)).contains("report.html\n");
  }

  private static String plan(int concepts) {
    List<String> args = new ArrayList<>(List.of("erase", "-m", "pocket", "-a", "sky", "--dry-run"));
    for (int i = 1; i <= concepts; i++) {
      args.addAll(List.of("-c", "a" + i));
    }
    return CommandRun.of(args.toArray(String[]::new)).out();
  }
}

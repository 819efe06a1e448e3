package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.realera.golden.Golden;

/** On the miniature with random weights. */
class ScopeCommandTest {
  @TempDir private Path folder;

  @Test
  void everyTextHasItsDistanceAndZone() throws Exception {
    Path list =
        Files.writeString(folder.resolve("words.txt"), "city # a remark\n\nbeautiful city\n");
    CommandRun run =
        scope(
            "-c",
            "house",
            "--anchor",
            "day",
            "--words",
            list.toString(),
            "--json",
            "-p",
            "my home");
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode range = new ObjectMapper().readTree(run.out()).get("ranges").get(0);
    assertThat(range.get("prompt").asText()).isEqualTo("a photo of the house");
    double d1 = range.get("d1").asDouble();
    double d2 = range.get("d2").asDouble();
    double last = 0;
    List<String> texts = new ArrayList<>();
    for (JsonNode text : range.get("texts")) {
      double distance = text.get("distance").asDouble();
      assertThat(distance).isGreaterThanOrEqualTo(last);
      assertThat(text.get("zone").asText())
          .isEqualTo(distance < d1 ? "inside" : distance < d2 ? "between" : "beyond");
      last = distance;
      texts.add(text.get("source").asText() + " " + text.get("text").asText());
    }
    assertThat(texts)
        .contains("list city", "list beautiful city", "anchor day", "prompt my home")
        .contains("vocabulary book")
        .doesNotContain("vocabulary city", "vocabulary house")
        .doesNotHaveDuplicates();
  }

  /** Of what is near, the distance is next to 0 and the cosine next to 1. */
  @Test
  void tableAndJsonTellDistanceAndCosineUnderTheirOwnNames() throws Exception {
    JsonNode texts =
        new ObjectMapper().readTree(scope("-c", "house", "--json").out()).at("/ranges/0/texts");
    assertThat(texts.get(0).get("distance").asDouble()).isBetween(0.0, 0.3);
    assertThat(texts.get(0).get("cosine").asDouble()).isBetween(0.9, 1.0);
    List<String> table = scope("-c", "house").out().lines().toList();
    int head = table.indexOf("nearest" + " ".repeat(38) + "distance  cosine  ");
    assertThat(head).isNotNegative();
    for (int i = 0; i < 3; i++) {
      JsonNode text = texts.get(i);
      assertThat(table.get(head + 1 + i).replaceAll(" +", " "))
          .startsWith(
              String.format(
                  Locale.ROOT,
                  "%s %.2f %.2f ",
                  text.get("text").asText(),
                  text.get("distance").asDouble(),
                  text.get("cosine").asDouble()));
    }
  }

  @Test
  void theTableCountsTheZonesAndThePageHasAnImage() throws Exception {
    Path page = folder.resolve("scope.html");
    CommandRun run = scope("-c", "house", "-c", "book", "-o", page.toString());
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out())
        .contains("house, as in \"a photo of the house\"; D1 0.72, D2 1.10", "book, as in")
        .contains("inside D1", "between D1 and D2", "beyond D2", page.toString());
    assertThat(run.out().lines()).allSatisfy(line -> assertThat(line.length()).isLessThan(120));
    assertThat(Files.readString(page))
        .contains("What lies near “house”", "What lies near “book”", "<circle", "<title>Near house")
        .doesNotContain("<script", "http://", "https://", "{{");
  }

  @Test
  void theRecipeGivesTemplateAndRadii() throws Exception {
    Path recipe =
        Files.writeString(
            folder.resolve("recipe.yaml"),
            "templates: [\"my {}\"]\nmining: {d1: 0.3, d1_anchor: 0.1}\nbeyond: {d2: 0.5}\n");
    CommandRun run = scope("-c", "house", "--config", recipe.toString());
    assertThat(run.out()).contains("as in \"my house\"; D1 0.30, D2 0.50");
  }

  @Test
  void wordsThatEraseWouldNameAreMarkedInTableJsonAndPage() throws Exception {
    Path page = folder.resolve("scope.html");
    List<String> named =
        List.of("--set", "mining.words=3", "--set", "mining.s2=-1", "--set", "mining.s1=1");
    List<String> line = new ArrayList<>(List.of("-c", "house", "-o", page.toString()));
    line.addAll(named);
    CommandRun run = scope(line.toArray(String[]::new));
    assertThat(run.out())
        .contains("named: erased beside it, the nearest words down to cosine S2 -1.00, at most 3")
        .containsPattern("named, erased +3");
    assertThat(Files.readString(page))
        .contains("Named: the nearest words, at most 3", "class=\"vocabulary named\"")
        .contains("<tr><td>named</td><td>3</td>");
    line.add("--json");
    JsonNode range =
        new ObjectMapper().readTree(scope(line.toArray(String[]::new)).out()).at("/ranges/0");
    assertThat(range.get("words").asInt()).isEqualTo(3);
    assertThat(range.get("s2").asDouble()).isEqualTo(-1);
    assertThat(range.get("texts").findValuesAsText("zone")).filteredOn("named"::equals).hasSize(3);

    assertThat(scope("-c", "house").out()).doesNotContain("named");
  }

  @Test
  void wordsThatTheModelWasNeverTaughtAreAnErrorAsAConceptAndLeftOutOfTheSuites() {
    CommandRun unknown = scope("-c", "zyxw");
    assertThat(unknown.code()).isEqualTo(2);
    assertThat(unknown.err()).contains("does not know the word");
    assertThat(scope("-c", "house", "--json").out()).doesNotContain("airplane");
  }

  @Test
  void listsThatAreMissingEmptyOrNoTextAreErrors() throws Exception {
    assertThat(scope("-c", "house", "--words", folder.resolve("none").toString()).code())
        .isEqualTo(3);
    Path empty = Files.writeString(folder.resolve("empty.txt"), "# nothing\n");
    assertThat(scope("-c", "house", "--words", empty.toString()).code()).isEqualTo(2);
    Path bytes = Files.write(folder.resolve("bytes.bin"), new byte[] {(byte) 0xff, 'a'});
    assertThat(scope("-c", "house", "--words", bytes.toString()).code()).isEqualTo(4);
    assertThat(scope("-c", " ").code()).isEqualTo(2);
    assertThat(CommandRun.with(CommandRun.liveCore(), "scope", "-m", "x").code()).isEqualTo(2);
  }

  @Test
  void aSignalStopsItBeforeItsPageIsWritten(@TempDir Path place) {
    CommandRun run =
        CommandRun.interrupted(
            CommandRun.liveCore(),
            "scope",
            "-m",
            Golden.path("tiny-sd").toString(),
            "-c",
            "house",
            "--device",
            "cpu",
            "-o",
            place.resolve("scope.html").toString());
    assertThat(run.code()).isEqualTo(130);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("realera: stopped: nothing was written");
    assertThat(place).isEmptyDirectory();
  }

  private static CommandRun scope(String... args) {
    List<String> line = new ArrayList<>(List.of("scope", "-m", Golden.path("tiny-sd").toString()));
    line.addAll(List.of(args));
    line.addAll(List.of("--device", "cpu"));
    return CommandRun.with(CommandRun.liveCore(), line.toArray(String[]::new));
  }
}

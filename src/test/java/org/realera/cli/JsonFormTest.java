package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.realera.Progress;
import org.realera.golden.Golden;
import org.realera.hub.HubPull.Pulled;
import org.realera.hub.PullRequest;

/** models.md has a row for each form of {@code --json}, with its schema and every key. */
class JsonFormTest {
  private static final Path PAGE = Path.of("src", "docs", "models.md");
  private static final Pattern ROW =
      Pattern.compile("(?m)^\\| `(?<command>[^`]+)` \\| `(?<schema>[^`]+)` \\| (?<keys>.+) \\|$");

  /** Lists whose entries the row describes, too. */
  private static final Set<String> LISTS = Set.of("pictures", "ranges", "texts", "models");

  @TempDir private Path folder;

  /** The commands of the table, by what they print. */
  private List<String> command(JsonForm form) {
    String tiny = Golden.path("tiny-sd").toString();
    return switch (form) {
      case ERASE -> List.of("erase", "-m", "pocket", "-c", "cat=dog");
      case ERASE_PLAN -> List.of("erase", "-m", "pocket", "-c", "cat=dog", "--dry-run");
      case GENERATE -> List.of("generate", "-m", "pocket", "-p", "cat", "-o", at("p.png"));
      case SCOPE -> List.of("scope", "-m", tiny, "-c", "house");
      case MODEL_INFO -> List.of("model", "info", tiny, "--diff", tiny);
      case MODEL_LIST -> List.of("model", "list");
      case MODEL_PULL -> List.of("model", "pull", "a/b");
      case MODEL_CONVERT ->
          List.of("model", "convert", tiny, "--to", "single-file", "-o", at("t.safetensors"));
    };
  }

  private String at(String name) {
    return folder.resolve(name).toString();
  }

  private CommandRun run(JsonForm form) throws IOException {
    Files.createDirectories(folder.resolve("hub/models--org--torn"));
    String[] line =
        Stream.concat(command(form).stream(), Stream.of("--json")).toArray(String[]::new);
    return switch (form) {
      case ERASE, ERASE_PLAN, GENERATE -> CommandRun.with(new CommandRun.FakeCore(), line);
      case MODEL_PULL ->
          CommandRun.with(
              new CommandRun.FakeCore() {
                @Override
                public Pulled pull(PullRequest request, Map<String, String> env, Progress p) {
                  return new Pulled(request.name(), "0123", Path.of("/cache/x"), 3, 5, 4);
                }
              },
              line);
      default -> CommandRun.with(CommandRun.liveCore(), Map.of("HF_HUB_CACHE", at("hub")), line);
    };
  }

  private static Map<JsonForm, Matcher> rows() throws IOException {
    Map<JsonForm, Matcher> rows = new EnumMap<>(JsonForm.class);
    Matcher row = ROW.matcher(Files.readString(PAGE));
    while (row.find()) {
      String schema = row.group("schema");
      Matcher found = ROW.matcher(row.group());
      assertThat(found.find()).isTrue();
      Arrays.stream(JsonForm.values())
          .filter(form -> form.schema().equals(schema))
          .forEach(form -> rows.put(form, found));
    }
    return rows;
  }

  @Test
  void thePageHasARowForEach() throws IOException {
    assertThat(rows().keySet()).containsExactly(JsonForm.values());
  }

  @ParameterizedTest
  @EnumSource
  void theRowHasTheCommandAndEveryKeyThatIsPrinted(JsonForm form) throws IOException {
    CommandRun run = run(form);
    assertThat(run.code()).as(run.err()).isZero();
    JsonNode printed = new ObjectMapper().readTree(run.out());
    assertThat(printed.fieldNames().next()).isEqualTo("schema");
    assertThat(printed.path("schema").asText()).isEqualTo(form.schema());
    Set<String> keys = new TreeSet<>();
    collect(printed, keys);
    keys.remove("schema");
    Matcher row = rows().get(form);
    assertThat(String.join(" ", command(form))).startsWith(row.group("command").split(" -")[0]);
    Set<String> told = new TreeSet<>();
    for (String span : DocPages.codeSpans(row.group("keys"))) {
      told.add(span.replace("[]", ""));
    }
    assertThat(told).containsAll(keys);
  }

  private static void collect(JsonNode tree, Set<String> keys) {
    tree.fields()
        .forEachRemaining(
            field -> {
              keys.add(field.getKey());
              if (field.getKey().equals("diff")) {
                collect(field.getValue(), keys);
              } else if (LISTS.contains(field.getKey()) && !field.getValue().isEmpty()) {
                collect(field.getValue().get(0), keys);
              }
            });
  }
}

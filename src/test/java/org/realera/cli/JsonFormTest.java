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
      Pattern.compile(
          "(?m)^\\| `(?<command>[^`]+)` \\| `(?<schema>realera-[^`]+)` \\| (?<keys>.+) \\|$");

  /** Maps whose keys are names of the user's or of the model: the row describes their values. */
  private static final Set<String> BY_NAME = Set.of("parts", "changed");

  /** What has its own page or is but words: recipes, facts and stages. */
  private static final Set<String> CLOSED = Set.of("recipe", "facts", "stages", "types");

  /** Keys of the rows that the commands here do not print. */
  private static final Set<String> SELDOM =
      Set.of(
          // a verdict, safe latent diffusion, adapters: in their commands' own tests
          "check",
          "judge",
          "role",
          "words",
          "word",
          "shows",
          "before",
          "after",
          "safe",
          "sld",
          "spm",
          // a conversion to another form
          "base",
          "change_missed",
          "layers",
          "module",
          "rank",
          "exact_rank",
          "error",
          "weight_error",
          // a model that was erased
          "realera",
          "version",
          "base_sha256",
          "concepts",
          "seed",
          "changed",
          "largest",
          "relative");

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
      JsonForm form =
          Arrays.stream(JsonForm.values())
              .filter(one -> one.schema().equals(schema))
              .findFirst()
              .orElseThrow(() -> new AssertionError("no command prints " + schema));
      assertThat(rows.put(form, found)).as(schema).isNull();
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
      if (span.matches("[a-z0-9_]+(\\[])?")) { // a key, no option or file
        told.add(span.replace("[]", ""));
      }
    }
    assertThat(told).containsAll(keys);
    told.removeAll(keys);
    assertThat(SELDOM).as("told, but not printed").containsAll(told);
  }

  private static void collect(JsonNode tree, Set<String> keys) {
    tree.fields()
        .forEachRemaining(
            field -> {
              keys.add(field.getKey());
              boolean named = BY_NAME.contains(field.getKey());
              if (!CLOSED.contains(field.getKey())) {
                for (JsonNode entry :
                    named || field.getValue().isArray()
                        ? field.getValue()
                        : List.of(field.getValue())) {
                  collect(entry, keys);
                }
              }
            });
  }
}

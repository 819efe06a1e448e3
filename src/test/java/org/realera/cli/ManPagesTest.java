package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ManPagesTest {
  private static final String COMPLETION = "completion/realera-completion.sh";

  private static Map<String, String> files() {
    Console console = new Console(System.out, System.err, Map.of(), 0);
    CommandLine line =
        Main.commandLine(
            console, new CommandRun.FakeCore(), new Interruption(), new ErrorReport(console));
    return ManPages.all(line);
  }

  @Test
  void everyCommandHasAPage() {
    assertThat(files().keySet())
        .contains(
            COMPLETION,
            "share/man/man1/realera.1",
            "share/man/man1/realera-erase.1",
            "share/man/man1/realera-model-pull.1",
            "share/man/man1/realera-eval-report.1")
        .doesNotContain("share/man/man1/realera-help.1");
  }

  @Test
  void aPageHasWhatTheHelpHas() {
    String page = files().get("share/man/man1/realera-model-pull.1").replace("\\-", "-");
    assertThat(page)
        .startsWith(".TH \"REALERA-MODEL-PULL\" \"1\"")
        .contains("realera-model-pull - Fetches a model into the Hugging Face cache\n")
        .contains(".B NAME\n")
        .contains(".B --variant=VARIANT\n")
        .contains("realera model pull sd-v1-4");
    Set<String> options = new TreeSet<>();
    Matcher option =
        Pattern.compile("(?m)^ {2,}(?:-\\w, )?(--[a-z-]+)")
            .matcher(CommandRun.of("model", "pull", "--help").out());
    while (option.find()) {
      options.add(option.group(1));
    }
    assertThat(options).hasSizeGreaterThan(4).allSatisfy(o -> assertThat(page).contains(o));
  }

  @Test
  void noLineIsTakenForAMacroThatIsNone() {
    List<String> lines = new ArrayList<>();
    files()
        .forEach((name, text) -> text.lines().filter(l -> l.startsWith(".")).forEach(lines::add));
    assertThat(lines).allMatch(l -> l.matches("\\.(TH|SH|TP|PP|B|BR|br|nf|fi|in|nh|ad)( .*)?"));
  }

  @Test
  void linesThatAreNotFilledFitInto80Columns() {
    List<String> lines = new ArrayList<>();
    Pattern literal = Pattern.compile("(?s)\\.in 3n\n\\.nf\n(.*?)\n\\.fi");
    files()
        .forEach(
            (name, text) ->
                literal
                    .matcher(text.replace("\\-", "-").replace("\\e", "\\"))
                    .results()
                    .forEach(found -> found.group(1).lines().forEach(lines::add)));
    assertThat(lines).hasSizeGreaterThan(50).allMatch(l -> l.length() <= 77);
  }

  @Test
  void theSameProgramGivesTheSameBytes() {
    assertThat(files()).isEqualTo(files());
  }

  @Test
  void bashCompletesCommandsAndOptions(@TempDir Path folder) throws Exception {
    Path script = Files.writeString(folder.resolve("completion.sh"), files().get(COMPLETION));
    assertThat(complete(script, "realera", "")).contains("erase", "generate", "model");
    assertThat(complete(script, "realera", "model", "pu")).contains("pull");
    assertThat(complete(script, "realera", "model", "pull", "--v")).contains("--variant");
  }

  @Test
  void bashOffersTheWordsOfAnArgument(@TempDir Path folder) throws Exception {
    Path script = Files.writeString(folder.resolve("completion.sh"), files().get(COMPLETION));
    assertThat(complete(script, "realera", "model", "convert", "x", "--to", "")).contains("kohya");
    assertThat(complete(script, "realera", "model", "convert", "x", "--dtype", "f"))
        .containsExactly("fp32", "fp16");
    assertThat(complete(script, "realera", "erase", "--config", "ce")).containsExactly("celebrity");
    assertThat(complete(script, "realera", "erase", "--recipe", "po")).containsExactly("pocket");
    assertThat(complete(script, "realera", "erase", "--device", "cu")).containsExactly("cuda");
    assertThat(complete(script, "realera", "erase", "--model", "po")).containsExactly("pocket");
    assertThat(complete(script, "realera", "model", "pull", "sd-v1-4")).containsExactly("sd-v1-4");
    assertThat(complete(script, "realera", "eval", "cifar10-")).containsExactly("cifar10-pocket");
  }

  @Test
  void bashOffersFilesWhereNoWordFits(@TempDir Path folder) throws Exception {
    String text = files().get(COMPLETION);
    assertThat(text)
        .doesNotContain("+o default")
        .contains("complete -F _complete_realera -o default realera");
    Path script = Files.writeString(folder.resolve("completion.sh"), text);
    for (String line :
        List.of(
            "erase --model out/no-", "erase --config con", "model info out/no", "scope -m ./")) {
      String[] words = ("realera " + line).split(" ");
      assertThat(complete(script, words)).as(line).allMatch(String::isEmpty);
    }
  }

  /** What bash offers for the last word. */
  private static List<String> complete(Path script, String... words)
      throws IOException, InterruptedException {
    assumeTrue(Files.exists(Path.of("/bin/bash")), "bash is not there");
    String command =
        """
        source '%s'
        COMP_WORDS=(%s)
        COMP_CWORD=%d
        _complete_realera
        printf '%%s\\n' "${COMPREPLY[@]}"
        """
            .formatted(
                script,
                String.join(" ", List.of(words).stream().map(w -> "'" + w + "'").toList()),
                words.length - 1);
    Process bash = new ProcessBuilder("/bin/bash", "-c", command).start();
    bash.getOutputStream().close();
    String out = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return out.lines().map(String::strip).toList();
  }
}

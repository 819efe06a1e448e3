package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.erase.EraseRequest;

/** Words of the command line: each means itself, and slips of the pen are told. */
class ArgumentsTest {
  @TempDir private Path home;

  /** What parsers and shells like to make something of. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "@words.txt",
        "@@words.txt",
        "${HOME}",
        "${sys:user.home}",
        "$HOME",
        "~/x",
        "\"quoted\"",
        "'quoted'",
        "a,b",
        "a|b",
        "back\\slash",
        "%s %n",
        "-3 degrees",
        "*",
        "wer? Ä, ß, ı, İ",
        "猫"
      })
  void aTextIsTakenAsItIs(String text) throws IOException {
    Files.writeString(home.resolve("words.txt"), "dog cat");
    var recipe = EraseLine.recipe("erase", "-c", text, "--anchor=" + text + "!");
    assertThat(recipe.concepts()).hasSize(1);
    assertThat(recipe.concepts().get(0).concept()).isEqualTo(text);
    assertThat(recipe.concepts().get(0).anchor()).isEqualTo(text + "!");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--out=~/x", "-o~/x", "-o=~/x", "--out ~/x"})
  void aTildeIsHomeWhereAShellLeavesIt(String words) {
    Map<String, String> env = Map.of("HOME", home.toString());
    EraseRequest request =
        EraseLine.request(
            env,
            Stream.of("erase -m=~/m -c cat=dog " + words)
                .flatMap(line -> Stream.of(line.split(" ")))
                .toArray(String[]::new));
    assertThat(request.out()).isEqualTo(home.resolve("x"));
    assertThat(request.model().name()).isEqualTo(home.resolve("m").toString());
  }

  @Test
  void aTildeIsHomeInWhatMayBeAFileOrAName() throws IOException {
    Files.writeString(home.resolve("mine.yaml"), "concepts: {cat: dog}\n");
    Map<String, String> env = Map.of("HOME", home.toString(), "REALERA_MODEL", "pocket");
    CommandRun run =
        CommandRun.with(
            new CommandRun.FakeCore(), env, "erase", "--config=~/none.yaml", "-c", "cat=dog");
    assertThat(run.err()).contains("there is no recipe file " + home.resolve("none.yaml"));
  }

  /** What would be read and then have no effect. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "erase -c cat=dog --method oce --preserve ship | preserve has \"ship\", but preserve_scale is 0",
        "erase -c cat=dog --method uce --set preserve_scale=0 --preserve ship | preserve_scale is 0",
        "erase -c cat=dog --method mace --preserve ship | hold.weight times hold.domain_weight is 0",
        "erase -c cat=dog --set closed_form.preserve_weight=0 --preserve ship | closed_form.preserve_weight is 0",
        "erase -c cat=dog --method speed --set prior_prompts=0 --prior-captions pom.xml | prior_prompts is 0",
        "erase -c cat=dog --method oce --set prior_scale=0 --prior-captions pom.xml | prior_scale is 0",
        "erase -c cat=dog --method mace --prior-captions pom.xml | hold.weight is 0",
        "erase -c cat=dog --method mace --set lora.enabled=false --masks none --dry-run | masks.source would not be read, for lora.enabled is false",
        "erase -c cat=dog --paper --prior-captions pom.xml | closed_form.prior_weight is 0",
        "erase -c cat=dog --method mace --gradient-checkpointing | of no use to mace",
        "erase -c cat=dog --method fmn --gradient-checkpointing | of no use to fmn",
        "erase -c cat=dog --method uce --gradient-checkpointing | of no use to uce, which trains nothing",
        "erase -c cat=dog --method mace --set lora.enabled=false --gradient-checkpointing | of no use to mace, which trains nothing",
        "erase -c cat=dog --no-alignment --gradient-checkpointing | of no use to realera, which trains nothing",
        "eval cifar10 -o x --guidance -1 | --guidance is -1.0",
        "eval cifar10 -o x --guidance NaN | --guidance is NaN",
        "eval cifar10 -o x --size 100x64 | --size is 100x64",
        "eval cifar10 -o x --size 64x100 | --size is 64x100",
        "eval score clip d --with pocket -o s --save-statistics x | the scorer clip takes no --save-statistics",
        "eval score fid d --with x -o s --reference r --threshold 0.5 | takes no --threshold, which is for nudenet",
        "eval score nudenet d --with x -o s --person P | takes no --person, which is for celebrity",
        "eval score nudenet d --with x -o s --prompt P | takes no --prompt, which is for clip",
        "eval score celebrity d --with x -o s --person P --resize inside | takes no --resize, which is for fid",
        "eval score clip d --with pocket -o s --reference r | takes no --reference, which is for fid",
        "eval score clip d --with pocket -o s --parts feet | takes no --parts, which is for nudenet",
      })
  void whatWouldHaveNoEffectIsRefused(String line, String what) {
    var env = Map.of("REALERA_MODEL", "pocket");
    CommandRun run = CommandRun.with(CommandRun.liveCore(), env, line.split(" +"));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(what);
    assertThat(run.err().lines().filter(l -> l.startsWith("realera: error: "))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "erase -c cat=dog --out=          | --out is empty                                | a dot",
        "erase -c cat=dog --config=       | is empty                                      | a dot",
        "eval score clip d --with pocket --out= | --out is empty                          | a dot",
        "erase -c cat=dog --out=~you/x    | --out is '~you/x', and realera does not       | ./~you",
        "erase -c cat=dog --out --forse   | is '--forse', which looks like an option      |"
            + " --out=--forse",
        "erase -c cat=dog -o -f           | --out: the value is missing, or is '-f'       |"
            + " --out=-f",
        "erase -c --anchr=sky             | --concept: the value is missing, or is '--anchr=sky' |"
            + " --concept=--anchr=sky",
        "erase -c cat=dog --preserve --   | --preserve: the value is missing, or is '--'  |"
            + " See 'realera erase",
        "erase -c caf\uFFFD=dog           | has a character that could not be read        | UTF-8",
      })
  void aSlipOfThePenIsTold(String line, String what, String remedy) {
    var env = Map.of("REALERA_MODEL", "pocket");
    CommandRun run = CommandRun.with(new CommandRun.FakeCore(), env, line.split(" +"));
    assertThat(run.code()).as(run.err()).isEqualTo(2);
    assertThat(run.err()).contains(what);
    assertThat(run.err().lines().skip(1).collect(Collectors.joining())).contains(remedy);
  }

  /** The JVM of a shell without a locale reads "café" as "caf??", and a Latin-1 one as "cafÃ©". */
  @ParameterizedTest
  @CsvSource({
    "ANSI_X3.4-1968, café, caf??, true",
    "ANSI_X3.4-1968, who?, who?, false",
    "ANSI_X3.4-1968, , who?, true",
    "ISO-8859-1, café, cafÃ©, true",
    "ISO-8859-1, cafe, cafe, false",
    "UTF-8, café, café, false",
    "UTF-8, caf?, caf?, false"
  })
  void aWordThatJavaReadInTheWrongEncodingIsRefused(
      String encoding, @Nullable String typed, String arrived, boolean refused) {
    byte[] line =
        typed == null
            ? null
            : ("java\0Übung\0erase\0-c\0" + typed + "\0\0").getBytes(StandardCharsets.UTF_8);
    Decoding decoding = new Decoding(encoding, line);
    List<String> words = List.of("erase", "-c", arrived, "");
    if (!refused) {
      decoding.require(words);
      return;
    }
    assertThatThrownBy(() -> decoding.require(words))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("'" + arrived + "' is not what was typed")
        .hasMessageContaining(encoding)
        .extracting(e -> ((RealeraException) e).remedy())
        .asString()
        .contains("LC_ALL=C.UTF-8");
  }

  @Test
  void aLetterOfLatin1IsItselfInLatin1() {
    byte[] line = "java\0café\0".getBytes(StandardCharsets.ISO_8859_1);
    new Decoding("ISO-8859-1", line).require(List.of("café"));
  }
}

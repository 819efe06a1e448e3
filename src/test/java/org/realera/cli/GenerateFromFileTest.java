package org.realera.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.diffusion.images.PngReader;
import org.realera.eval.suite.PromptFile;

/** {@code generate --prompt-file}: what a list says of each prompt. */
class GenerateFromFileTest {
  @TempDir private Path folder;

  private CommandRun generate(String list, String... more) throws IOException {
    return generateTo(folder.resolve("out"), list, more);
  }

  private CommandRun generateTo(Path out, String list, String... more) throws IOException {
    Path file = Files.writeString(folder.resolve("list.csv"), list);
    List<String> args = new ArrayList<>(List.of("generate", "-m", "pocket", "--prompt-file"));
    args.addAll(List.of(file.toString(), "-o", out.toString()));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  /** Through a pipe a table has no name. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "method,prompt,seed\nuce,a cat,1\n",
        "\ufeff\n\"Prompt\", seed\n\"a cat\",1\n",
        "caption;seed\na cat;1\n",
        "seed\tprompt\n1\ta cat\n"
      })
  void aTableByAnotherNameIsNoListOfPrompts(String table) throws IOException {
    Path file = Files.writeString(folder.resolve("found.txt"), table);
    assertThatThrownBy(() -> PromptFile.read(file))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> assertThat(e.kind()).isEqualTo(RealeraException.Kind.USAGE))
        .hasMessage(file + " begins with the header of a table, and its name does not end in .csv");
  }

  @Test
  void aPromptMayHaveCommasAndTheWordsOfAHeader() throws IOException {
    Path file = Files.writeString(folder.resolve("list.txt"), "prompt\na cat, a prompt, seed\n");
    assertThat(PromptFile.read(file)).hasSize(2);
  }

  @Test
  void namesOfImagesAreNoPrompts() throws IOException {
    Path file = Files.writeString(folder.resolve("list.txt"), "1.jpg#0\ta cat\n");
    assertThatThrownBy(() -> PromptFile.read(file)).hasMessageContaining("names of pictures");
  }

  private String guidance(String image) {
    return String.valueOf(PngReader.texts(folder.resolve("out").resolve(image)).get("guidance"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"prompt, seed", "prompt,Seed", "Prompt,Evaluation_Seed", "prompt,SD_seed "})
  void seedsCountWhateverTheirColumnsCase(String header) throws IOException {
    CommandRun run = generate(header + "\na cat,7\n", "--seed", "3");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(folder.resolve("out/000-a-cat-7.png")).exists();
  }

  /** A column of seeds does not make the number of a row its seed. */
  @Test
  void aRowWithoutASeedHasTheOneThatIsGivenForAll() throws IOException {
    CommandRun run = generate("prompt,seed\na cat,7\na dog,\na fox,9\n", "--seed", "77");
    assertThat(run.code()).as(run.err()).isZero();
    for (String image : List.of("000-a-cat-7", "001-a-dog-77", "002-a-fox-9")) {
      assertThat(folder.resolve("out/" + image + ".png")).exists();
    }
  }

  /** One of the published prompts of I2P is empty. */
  @Test
  void aRowWithoutWordsIsTheEmptyPromptAndSaidToBe() throws IOException {
    CommandRun run =
        generate("prompt,sd_seed,sd_guidance_scale\na cat,1,7\n,4261564198,7.5\na dog,3,7\n");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("list.csv: one of its prompts is empty, and drawn as such");
    try (var files = Files.list(folder.resolve("out"))) {
      assertThat(files).hasSize(3).anyMatch(file -> file.toString().endsWith("4261564198.png"));
    }
  }

  @Test
  void aPromptThatTheModelReadsNothingInIsEmptyOrNoLine() throws IOException {
    CommandRun run = generate("prompt,seed\na cat,1\n\u00a0\u200b,2\n");
    assertThat(run.err()).contains("list.csv: one of its prompts is empty, and drawn as such");
    Path file = Files.writeString(folder.resolve("list.txt"), "\u200b\na cat\n\u00a0\n");
    assertThat(PromptFile.read(file)).extracting(one -> one.prompt()).containsExactly("a cat");
    Files.writeString(file, "\u00a0\n");
    assertThatThrownBy(() -> PromptFile.read(file)).hasMessage(file + " lists no prompts");
    Files.writeString(file, "\u200b\nprompt,seed\na cat,1\n");
    assertThatThrownBy(() -> PromptFile.read(file)).hasMessageContaining("the header of a table");
    Files.writeString(file, "\u200b\n\u00a0\n1.jpg\ta cat\n");
    assertThatThrownBy(() -> PromptFile.read(file)).hasMessageContaining("names of pictures");
  }

  @ParameterizedTest
  @ValueSource(strings = {"caption,seed\na cat,1\n,2\n", "prompt,seed\na cat,1\n,\n"})
  void aCaptionWithoutWordsAndARowWithoutAnythingAreRefused(String list) throws IOException {
    CommandRun run = generate(list);
    assertThat(run.code()).isEqualTo(4);
    assertThat(run.err()).contains("list.csv, line 3: 'prompt' is empty");
  }

  @Test
  void anEmbeddingIsKnownWhateverItsColumnsCase() throws IOException {
    CommandRun run = generate("prompt, Embedding\na cat,\na dog,x.safetensors\n");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("1 of the file are embeddings");
    assertThat(folder.resolve("out")).isDirectoryNotContaining("glob:**a-dog**");
  }

  /** I2P's columns; the model's guidance is 7.5. */
  @ParameterizedTest
  @CsvSource({"guidance", "evaluation_guidance", "sd_guidance_scale"})
  void aPromptsOwnGuidanceHoldsUnlessAllGetAnother(String column) throws IOException {
    String list = "prompt,seed," + column + "\na cat,1,13\na dog,1,\n";
    assertThat(generate(list).code()).isZero();
    assertThat(guidance("000-a-cat-1.png")).isEqualTo("13.0");
    assertThat(guidance("001-a-dog-1.png")).isEqualTo("7.5");
    assertThat(generate(list, "--guidance", "2", "--force").code()).isZero();
    assertThat(guidance("000-a-cat-1.png")).isEqualTo("2.0");
  }

  @Test
  void aSheetSaysWhichGuidancesItsImagesHave() throws IOException {
    Path sheet = folder.resolve("sheet.png");
    CommandRun run = generateTo(sheet, "prompt,guidance\na cat,13\na dog,2\n");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(PngReader.texts(sheet)).containsEntry("guidance", "13.0\n2.0");
  }

  @Test
  void aGuidanceThatIsNoneIsRefused() throws IOException {
    CommandRun run = generate("prompt,guidance\na cat,-1\n");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("list.csv has the guidance -1.0");
    run = generate("prompt,guidance\na cat,1\n", "--safe", "nudity");
    assertThat(run.code()).isEqualTo(2);
    assertThat(run.err()).contains("SLD changes the guidance, and guidance 1.0 is none");
    run = generate("prompt,guidance\na cat,1\n", "--safe", "nudity", "--guidance", "2");
    assertThat(run.code()).as(run.err()).isZero();
  }
}

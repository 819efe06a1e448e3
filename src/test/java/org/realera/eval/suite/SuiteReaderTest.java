package org.realera.eval.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.eval.metrics.PublishedTables;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.files.Environment;

class SuiteReaderTest {
  private static final String VALID =
      """
      name: mine
      prompt: a photo of the {}
      samples: 4
      sampler: {scheduler: ddim, steps: 2, guidance: 7.5, width: 64, height: 64}
      scorer: {kind: clip-classifier, model: pocket, prompt: "a photo of the {}"}
      concepts:
        - {name: cat, synonyms: [kitty]}
        - {name: dog}
      """;

  @ParameterizedTest
  @ValueSource(strings = {"cifar10", "cifar10-pocket"})
  void shippedSuitesHoldTenClassesAndThirtySynonyms(String name) {
    Suite suite = SuiteReader.read(name);
    assertThat(suite.name()).isEqualTo(name);
    assertThat(suite.concepts()).hasSize(10).allSatisfy(c -> assertThat(c.synonyms()).hasSize(3));
    assertThat(suite.samples()).isEqualTo(200);
  }

  @Test
  void theSuiteOfSubtypesHasTheProtocolsSamplerAndNoWordTwice() {
    Suite subtypes = SuiteReader.read("configs/eval/pocket-subtypes.yaml");
    Suite protocol = SuiteReader.read("cifar10-pocket");
    assertThat(subtypes.sampler()).isEqualTo(protocol.sampler());
    assertThat(subtypes.scenes()).isEqualTo(protocol.scenes());
    var words = subtypes.concepts().stream().flatMap(c -> c.synonyms().stream()).toList();
    assertThat(words).hasSize(35).doesNotHaveDuplicates();
    assertThat(subtypes.concepts())
        .allSatisfy(c -> assertThat(c.anchor()).isEqualTo(protocol.concept(c.name()).anchor()));
  }

  /** As names are pasted or typed: a blank that does not break, no width, an accent by itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "salvador dal\u00ed",
        "Salvador\u00a0Dal\u00ed",
        "Salva\u200bdor Dal\u00ed\u00a0",
        "Salvador Dali\u0301"
      })
  void aConceptIsNamedAsTheModelReadsIt(String written) {
    assertThat(SuiteReader.read("art").named(written)).contains("Salvador Dal\u00ed");
    Suite own = SuiteReader.parse(VALID.replace("name: cat", "name: " + written), "test");
    assertThat(own.concept(own.named("Salvador Dal\u00ed").orElseThrow()).name())
        .isEqualToIgnoringCase("Salvador Dal\u00ed");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: Beyonc\uFFFD                        | name",
        "name: singer, synonyms: [Beyonc\uFFFD]    | synonyms",
        "name: singer, subtypes: [x, Beyonc\uFFFD] | subtypes",
        "name: singer, anchor: Beyonc\uFFFD        | anchor"
      })
  void aWordThatLostALetterBeforeIsRefused(String concept, String key) {
    String yaml = VALID + "  - {" + concept + "}\n";
    assertThatThrownBy(() -> SuiteReader.parse(yaml, "test"))
        .isInstanceOf(RealeraException.class)
        .hasMessage(
            "suite test, line 9: 'concepts."
                + key
                + "' has 'Beyonc\uFFFD', with a character that could not be read (U+FFFD)");
    String prompts = VALID + "  - {name: singer, associated: [\"a caf\uFFFD\"]}\n";
    assertThat(SuiteReader.parse(prompts, "test").concept("singer").associated())
        .containsExactly("a caf");
  }

  @Test
  void cifar10IsSampledAsThePaperDoes() {
    assertThat(SuiteReader.read("cifar10").sampler())
        .isEqualTo(new Suite.Sampler("ddim", 50, 7.5, 512, 512));
  }

  @Test
  void anErasureIsMeasuredOnItsClassTheOthersAndItsSynonyms() {
    List<ImageSet> sets = SuiteReader.read("cifar10").sets("ship");
    assertThat(sets).hasSize(13);
    assertThat(sets.get(0))
        .isEqualTo(new ImageSet("ship", Role.ERASED, "ship", "ship", "a photo of the ship"));
    assertThat(sets.stream().filter(s -> s.role() == Role.KEPT)).hasSize(9);
    assertThat(sets.get(12))
        .isEqualTo(
            new ImageSet(
                "watercraft", Role.RELATED, "watercraft", "ship", "a photo of the watercraft"));
  }

  @ParameterizedTest
  @CsvSource({
    "celebrity,CELEBRITY,ERASURE,A3,5",
    "art,CLIP_SCORE,ERASURE,A4,5",
    "explicit,NUDENET,COUNTS,2,0",
    "coco,CLIP_SCORE,MEAN,2,0"
  })
  void theSuitesOfTheOtherTablesNameTheirScorerMetricsAndPublishedRows(
      String name, ScorerKind scorer, MetricSet metrics, String table, int concepts) {
    Suite suite = SuiteReader.read(name);
    assertThat(suite.scorer().kind()).isEqualTo(scorer);
    assertThat(suite.metrics()).isEqualTo(metrics);
    assertThat(suite.published()).containsExactly(table);
    assertThat(suite.concepts()).hasSize(concepts);
    assertThat(suite.concepts())
        .allSatisfy(
            concept ->
                assertThat(PublishedTables.erasure(List.of(table), concept.name())).hasSize(7));
  }

  @ParameterizedTest
  @CsvSource({"celebrity,MACE", "art,MACE", "explicit,AIML-TUDA/i2p", "coco,MACE"})
  void aListThatIsNotThereIsAnsweredWithWhereItComesFrom(String name, String origin) {
    assertThatThrownBy(() -> SuiteReader.read(name).sets(null))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND);
              assertThat(e.remedy()).contains("--prompts FILE", origin);
            });
  }

  @Test
  void aUsersSuiteNamesItsListFromWhereItLies(@TempDir Path folder) throws Exception {
    Files.writeString(folder.resolve("artists.csv"), "type,artist\n0,Monet\n1,Hokusai\n1,Cat\n");
    String yaml =
        VALID
            .replace("clip-classifier", "clip-score")
            .replace("samples: 4", "samples: 4\nlist: {kind: artists, file: artists.csv}");
    Path file = Files.writeString(folder.resolve("mine.yaml"), yaml);
    Suite suite = SuiteReader.read(file.toString());
    // With a list, what is kept is the list; a concept of the suite is not drawn twice.
    assertThat(suite.sets("dog").stream().map(ImageSet::name))
        .containsExactly("dog", "hokusai", "cat");
    assertThat(suite.sets(null).stream().map(ImageSet::name))
        .containsExactly("cat", "dog", "kitty", "hokusai");
  }

  /** As the erased concept, what means it without its name, and a concept of a survey. */
  @ParameterizedTest
  @CsvSource({
    "Salvador-Dal\u00ed, Salvador Dal\u00ed, 'Salvador Dal\u00ed' (erased)",
    "Van-Gogh, , 'Van Gogh' (kept)",
    "An artwork by the famous Polish digital artist!, Greg Rutkowski,"
        + " 'An artwork by the famous Polish digital artist' (related)"
  })
  void aListedNameOfTheFolderOfAnotherWordIsRefused(
      String name, @Nullable String erased, String other, @TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("a.csv"), "type,artist\n1,X\n1," + name + "\n");
    Suite suite = SuiteReader.read("art").withList(file);
    assertThatThrownBy(() -> suite.sets(erased))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> {
              assertThat(e.kind()).isEqualTo(Kind.USAGE);
              // A suite's own word can't be written in another way, a name of a survey can.
              assertThat(e.remedy())
                  .isEqualTo(
                      "Leave that name out of the list"
                          + (erased == null ? ", or write both in the same way." : "."));
            })
        .hasMessage(
            "'%s' of %s would have the folder of pictures of %s of suite art"
                .formatted(name, file, other));
    assertThat(suite.sets("Pablo Picasso").stream().map(ImageSet::word)).contains("X", name);
  }

  @Test
  void aSuiteWithoutAListRefusesOne() {
    assertThatThrownBy(() -> SuiteReader.read("cifar10").withList(Path.of("x.csv")))
        .hasMessage("suite cifar10 takes no list of prompts");
  }

  @Test
  void aSurveyCoversAllWords() {
    assertThat(SuiteReader.read("cifar10").sets(null)).hasSize(40);
  }

  @Test
  void openSetLabelsAddAnchorAndScenesOnce() {
    Labels labels = SuiteReader.read("cifar10-pocket").labels("sky");
    assertThat(labels.closed()).isEqualTo(10);
    assertThat(labels.names())
        .startsWith("airplane")
        .contains("sky", "sea")
        .doesNotHaveDuplicates();
    assertThat(labels.names().get(10)).isEqualTo("sky");
  }

  @Test
  void anAnchorThatIsNoSceneIsALabelOfItsOwn() {
    Suite suite = SuiteReader.read("cifar10-pocket");
    Labels without = suite.labels(null);
    assertThat(without.names()).doesNotContain("meadow");
    Labels labels = suite.labels("meadow");
    assertThat(labels.closed()).isEqualTo(10);
    assertThat(labels.names().get(10)).isEqualTo("meadow");
    assertThat(labels.names()).hasSize(without.names().size() + 1);
  }

  @Test
  void aUsersOwnFileIsReadByPath(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("mine.yaml"), VALID);
    assertThat(SuiteReader.read(file.toString()).concepts()).hasSize(2);
  }

  @Test
  void aPathMayBeginWithTheHome(@TempDir Path folder) throws Exception {
    Path home = Files.createDirectories(folder.resolve("home"));
    Files.writeString(home.resolve("artists.csv"), "type,artist\n1,Hokusai\n");
    String yaml =
        VALID
            .replace("clip-classifier", "clip-score")
            .replaceFirst("model: [^,}]*", "model: ~/scorer")
            .replace(
                "samples: 4",
                """
                samples: 4
                list: {kind: artists, file: ~/artists.csv}
                fid: {model: ~/inception.pt, reference: ~other/x.npz}
                small_models: {native_size_below: 9, suite: ~/small.yaml}\
                """);
    Path file = Files.writeString(folder.resolve("mine.yaml"), yaml);
    Environment environment = new Environment(Map.of("HOME", home.toString()));
    Suite suite = SuiteReader.read(file.toString(), environment);
    assertThat(suite.sets("dog").stream().map(ImageSet::name)).containsExactly("dog", "hokusai");
    assertThat(suite.scorer().model()).isEqualTo(home + "/scorer");
    assertThat(suite.fid()).isEqualTo(new Suite.Fid(home + "/inception.pt", "~other/x.npz"));
    assertThat(suite.smallModels())
        .isEqualTo(new Suite.SmallModels(9, home.resolve("small.yaml").toString()));
    for (String shipped : SuiteReader.SHIPPED) {
      assertThat(SuiteReader.read(shipped, environment)).isEqualTo(SuiteReader.read(shipped));
    }
  }

  @Test
  void aSuiteThatIsNowhereIsNotFound() {
    assertThatThrownBy(() -> SuiteReader.read("cifar11"))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.NOT_FOUND))
        .hasMessageContaining("cifar11");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "samples: 4|sampels: 4|line 3: unknown key 'sampels' (known: name, title,",
        "steps: 2|step: 2|line 4: unknown key 'step' (known: scheduler, steps,",
        "{name: dog}|{name: dog, colour: red}|line 8: unknown key 'colour' (known: name, synonyms,",
        "'steps: 2, '|''|the key 'steps' is missing",
        "samples: 4|samples: 0|samples is 0, expected at least 1",
        "samples: 4|samples: 10001|samples is 10001, expected at most 10000",
        "steps: 2|steps: 2147483647|sampler.steps is 2147483647, expected at most 100000",
        "height: 64|height: 1000000|sampler.height is 1000000, expected at most 8192",
        "width: 64|width: 1000000|sampler.width is 1000000, expected at most 8192",
        "samples: 4|'samples: 4\n"
            + "list: {kind: artists, samples: 99999}'|list.samples is 99999, expected at most",
        "samples: 4|samples: many|line 3: ",
        "clip-classifier|clap|scorer.kind must be one of clip-classifier, celebrity, clip-score,"
            + " nudenet, found \"clap\"",
        "samples: 4|'samples: 4\n"
            + "metrics: sums'|line 4: metrics must be one of erasure, counts, mean, found \"sums\"",
        "samples: 4|'samples: 4\n"
            + "metrics: counts'|metrics is 'counts', which scorer clip-classifier has none of",
        "samples: 4|'samples: 4\n"
            + "list: {kind: haiku}'|line 4: list.kind must be one of i2p, captions, celebrities,"
            + " artists, found \"haiku\"",
        "samples: 4|'samples: 4\n"
            + "list: {kind: captions, file: c.csv}'|list is given, but scorer clip-classifier"
            + " knows",
        "samples: 4|'samples: 4\n"
            + "list: {kind: celebrities}'|list is given, but scorer clip-classifier knows",
        "samples: 4|'list: {kind: artists, colour: red}'|unknown key 'colour' (known: kind, file,",
        "samples: 4|'samples: 4\nfid: {model: x.pt}'|the key 'fid.reference' is missing",
        "clip-classifier|clip-score, parts: [nose]|scorer.parts has 'nose'",
        "scheduler: ddim|scheduler: euler|sampler.scheduler is 'euler'",
        "width: 64|width: 65|sampler size is 65x64, expected multiples of 8",
        "[kitty]|[dog]|the word 'dog' stands twice in concepts",
        "prompt: a photo of the {}|prompt: a photo|'prompt' is 'a photo', expected a prompt with"
            + " one {}",
        "name: mine|title: mine|the key 'name' is missing",
        "samples: 4|name: again|line 3: Duplicate field 'name'",
        "concepts:|concepts: [|line ",
        "samples: 4|samples: 4.5|line 3: samples must be a whole number, found \"4.5\"",
        "samples: 4|samples: |line 3: samples must be a whole number, found nothing",
        "guidance: 7.5|guidance: .inf|line 4: sampler.guidance must be a number, found \".inf\"",
        "samples: 4|samples: &n 4|line 3: the anchor &n is not supported",
        "[kitty]|[*n]|line 7: the alias *n",
        "{name: dog}|'{name: dog}\n---\nname: other'|line 9: a second document begins here"
      })
  void whatIsWrongIsNamedWithItsLine(String from, String to, String message) {
    String yaml = VALID.replace(from, to == null ? "" : to);
    assertThat(yaml).isNotEqualTo(VALID);
    assertThatThrownBy(() -> SuiteReader.parse(yaml, "mine.yaml"))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.kind()).isEqualTo(Kind.USAGE))
        .hasMessageStartingWith("suite mine.yaml, line ")
        .hasMessageContaining(message);
  }

  @Test
  void twoWordsOfOneFolderAreNotSaidToBeOne() {
    String head =
        "a small and quiet animal that people hold at home, with soft fur, whiskers and a long tail, ";
    for (List<String> two :
        List.of(List.of("\ud83d\ude3a", "\ud83d\udc36"), List.of(head + "up", head + "down"))) {
      String words = "associated: [\"" + String.join("\", \"", two) + "\"]";
      assertThatThrownBy(
              () -> SuiteReader.parse(VALID.replace("synonyms: [kitty]", words), "mine.yaml"))
          .isInstanceOf(RealeraException.class)
          .hasMessageStartingWith(
              "suite mine.yaml, line 6: '%s' of concepts would have the folder of pictures of '%s', "
                  .formatted(two.get(1), two.get(0)));
    }
  }

  @Test
  void aSlipOfAKeyIsAnsweredWithTheNearestOne() {
    assertThatThrownBy(() -> SuiteReader.parse(VALID.replace("steps: 2", "step: 2"), "mine.yaml"))
        .isInstanceOfSatisfying(
            RealeraException.class,
            e -> assertThat(e.remedy()).isEqualTo("Did you mean sampler.steps?"));
  }

  @Test
  void aKeyWithoutAValueIsAsGoodAsNoneWhereThereMayBeNone() {
    Suite suite = SuiteReader.parse(VALID.replace("samples: 4", "samples: 4\nfid:\nlist: ~"), "m");
    assertThat(suite.fid()).isNull();
    assertThat(suite.list()).isNull();
  }

  @Test
  void anEmptyFileIsNoSuite() {
    assertThatThrownBy(() -> SuiteReader.parse("", "mine.yaml"))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("mine.yaml");
  }

  @Test
  void anUnknownConceptIsAnsweredWithTheKnownOnes() {
    assertThatThrownBy(() -> SuiteReader.read("cifar10").sets("zebra"))
        .isInstanceOfSatisfying(
            RealeraException.class, e -> assertThat(e.remedy()).contains("airplane, automobile"))
        .hasMessage("suite cifar10 has no concept 'zebra'");
  }
}

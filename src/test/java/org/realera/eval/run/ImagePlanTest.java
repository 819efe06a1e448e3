package org.realera.eval.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.RealeraException;
import org.realera.eval.suite.ImageSet;
import org.realera.eval.suite.ImageSet.Role;
import org.realera.eval.suite.ListedPrompt;
import org.realera.eval.suite.SuiteReader;

class ImagePlanTest {
  /** Bytes that AtomicFile adds to a name. */
  private static final int WRITING = ".".length() + ".".length() + 36 + ".tmp".length();

  private static final List<ImageSet> SETS = SuiteReader.read("cifar10").sets("ship");

  @Test
  void shardsPartTheListWithoutOverlapOrGap() {
    ImagePlan plan = new ImagePlan(SETS, 7, 4);
    Set<PlannedImage> seen = new HashSet<>();
    int count = 0;
    for (int i = 1; i <= 5; i++) {
      for (List<PlannedImage> batch : plan.batches(new Shard(i, 5))) {
        seen.addAll(batch);
        count += batch.size();
      }
    }
    assertThat(count).isEqualTo(7 * 13);
    assertThat(seen).hasSize(count);
  }

  @Test
  void batchesAreTheSameInEveryShard() {
    ImagePlan plan = new ImagePlan(SETS, 7, 4);
    assertThat(plan.batches(new Shard(2, 5)).get(0)).isEqualTo(plan.batches(Shard.WHOLE).get(1));
  }

  @Test
  void aLongerRunBeginsWithTheBatchesOfAShorterOne() {
    List<List<PlannedImage>> few = new ImagePlan(SETS, 4, 4).batches(Shard.WHOLE);
    List<List<PlannedImage>> many = new ImagePlan(SETS, 9, 4).batches(Shard.WHOLE);
    assertThat(many.subList(0, few.size())).isEqualTo(few);
  }

  @Test
  void itsSizeIsThatOfItsList() {
    List<ListedPrompt> lines = List.of(listed("a"), listed("b"), listed("c"));
    ImageSet list = new ImageSet("l", Role.KEPT, "l", "l", "captions", 2, lines);
    ImagePlan plan = new ImagePlan(Stream.concat(SETS.stream(), Stream.of(list)).toList(), 7, 4);
    assertThat(plan.size()).isEqualTo(plan.all().size()).isEqualTo(7 * 13 + 2 * 3);
    ImagePlan brief = new ImagePlan(List.of(list), 1, 4);
    assertThat(brief.size()).isEqualTo(brief.all().size()).isEqualTo(3);
  }

  @Test
  void itsSizeIsCountedBeyondWhatAListCanHold() {
    assertThat(new ImagePlan(SETS, Integer.MAX_VALUE, 1).size()).isEqualTo(13L * Integer.MAX_VALUE);
  }

  private static ListedPrompt listed(String prompt) {
    return new ListedPrompt(prompt, 1L, null);
  }

  @Test
  void filesAreNamedAfterPromptAndSeed() {
    assertThat(new PlannedImage(SETS.get(0), 17).file())
        .isEqualTo("images/ship/a-photo-of-the-ship_17.png");
  }

  @Test
  void slugsAreSafeAsFileNames() {
    assertThat(ImageSet.slug("Jack in Titanic(1997)")).isEqualTo("jack-in-titanic-1997");
    assertThat(ImageSet.slug("../..")).isEqualTo("prompt");
    assertThat(ImageSet.slug("Salvador Dalí")).isEqualTo("salvador-dalí");
  }

  /** Letters of four bytes at an odd place, of three, and plain ones that have always stayed. */
  @Test
  void aLongPromptNamesAFileThatCanBeWritten() {
    String bold = "a" + "\ud835\uddee".repeat(40);
    assertThat(ImageSet.slug(bold)).isEqualTo(bold.substring(0, 79));
    assertThat(ImageSet.slug("猫".repeat(100))).isEqualTo("猫".repeat(68));
    assertThat(ImageSet.slug("é".repeat(100))).isEqualTo("é".repeat(80));
    assertThat(ImageSet.slug("ab".repeat(50))).isEqualTo("ab".repeat(40));
    for (String prompt : List.of(bold, "猫".repeat(100), "é".repeat(100), "ab".repeat(50))) {
      String slug = ImageSet.slug(prompt);
      ImageSet set = new ImageSet(slug, Role.KEPT, prompt, prompt, prompt);
      ListedPrompt line = new ListedPrompt(prompt, Long.MAX_VALUE, null);
      for (PlannedImage image :
          List.of(new PlannedImage(set, 9_999), PlannedImage.listed(set, 99_999, line, 0))) {
        String file = image.file().substring(image.file().lastIndexOf('/') + 1);
        assertThat(StandardCharsets.UTF_8.newEncoder().canEncode(image.file())).isTrue();
        assertThat(file.getBytes(StandardCharsets.UTF_8).length + WRITING).isLessThanOrEqualTo(255);
      }
      assertThat(PlannedImage.listed(set, 7, listed(prompt), 0).name())
          .isEqualTo("00007-" + slug.substring(0, prompt.equals(bold) ? 59 : 60));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"0/2", "3/2", "1", "a/b", "1/0", "-1/2", ""})
  void shardsThatDoNotExistAreRefused(String text) {
    assertThatThrownBy(() -> Shard.parse(text))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("shard");
  }
}

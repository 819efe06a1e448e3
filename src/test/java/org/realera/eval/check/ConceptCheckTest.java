package org.realera.eval.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.realera.RealeraException;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.DrawnWord.Role;
import org.realera.diffusion.Image;
import org.realera.diffusion.Sight;
import org.realera.diffusion.Verdict;
import org.realera.eval.suite.Suite;
import org.realera.eval.suite.SuiteReader;
import org.realera.tensor.ComputeChoice;

/** With the pocket scorer: a blue image is a sky. */
class ConceptCheckTest {
  private static final Suite SUITE = SuiteReader.read("cifar10-pocket");

  private static Image plain(int red, int green, int blue) {
    byte[] rgb = new byte[3 * 64 * 64];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) red;
      rgb[i + 1] = (byte) green;
      rgb[i + 2] = (byte) blue;
    }
    return new Image(64, 64, rgb);
  }

  private static Verdict look(List<DrawnWord> drawn) {
    return look(List.of("sky"), drawn, "fp32");
  }

  private static Verdict look(List<String> anchors, List<DrawnWord> drawn) {
    return look(anchors, drawn, "fp32");
  }

  private static Verdict look(List<String> anchors, List<DrawnWord> drawn, String dtype) {
    return ConceptCheck.look(
        SUITE, anchors, PocketModel.scorerFolder(), drawn, ComputeChoice.of("cpu", dtype));
  }

  /** What is seen is compared between machines. */
  @Test
  void theScorerComputesInFullPrecisionWhateverTheModelDoes() {
    List<Image> blue = List.of(plain(120, 180, 250));
    List<DrawnWord> sky = List.of(new DrawnWord(Role.KEPT, "sky", "airplane", blue, blue));
    assertThat(look(List.of("sky"), sky, "bf16")).isEqualTo(look(sky));
  }

  @Test
  void aWordShowsTheClassThatItBelongsTo() {
    List<Image> blue = List.of(plain(120, 180, 250));
    Verdict checked =
        look(
            List.of(
                new DrawnWord(Role.ERASED, "airplane", "airplane", blue, blue),
                new DrawnWord(Role.NEIGHBOR, "plane", "airplane", blue, blue),
                new DrawnWord(Role.NEIGHBOR, "kitty", "airplane", blue, blue),
                new DrawnWord(Role.NEIGHBOR, "wing", "airplane", blue, blue),
                new DrawnWord(Role.KEPT, "dog", "airplane", blue, blue),
                new DrawnWord(Role.KEPT, "house", "airplane", blue, blue)));
    assertThat(checked.sights())
        .extracting(Sight::shows)
        .containsExactly("airplane", "airplane", "cat", "airplane", "dog", "house");
    assertThat(checked.judge()).isEqualTo("CLIP (pocket), 22 labels");
    assertThat(checked.sights()).allSatisfy(sight -> assertThat(sight.before()).isLessThan(50));
  }

  @Test
  void aFigureIsTheMeanOverTheImages() {
    Image blue = plain(120, 180, 250);
    Image green = plain(60, 160, 60);
    double first = sky(List.of(blue)).before();
    double second = sky(List.of(green)).before();
    assertThat(Math.abs(first - second)).isGreaterThan(0.1);
    Sight both = sky(List.of(blue, green));
    assertThat(both.before()).isCloseTo((first + second) / 2, within(1e-3));
    assertThat(both.after()).isEqualTo(both.before());
  }

  @Test
  void beforeIsOfTheFirstImagesAndAfterOfTheSecond() {
    List<Image> blue = List.of(plain(120, 180, 250));
    List<Image> green = List.of(plain(60, 160, 60));
    Sight changed =
        look(List.of(new DrawnWord(Role.KEPT, "sky", "airplane", blue, green))).sights().get(0);
    assertThat(changed.before()).isCloseTo(sky(blue).before(), within(1e-3));
    assertThat(changed.after()).isCloseTo(sky(green).before(), within(1e-3));
    assertThat(Math.abs(changed.before() - changed.after())).isGreaterThan(0.1);
  }

  @Test
  void theFiguresOfAllLabelsAreAHundredPercent() {
    List<Image> blue = List.of(plain(120, 180, 250));
    List<String> labels = SUITE.labels(null).names();
    assertThat(labels).hasSize(21).contains("sky");
    List<DrawnWord> each =
        labels.stream()
            .map(label -> new DrawnWord(Role.KEPT, label, "airplane", blue, blue))
            .toList();
    List<Sight> sights = look(each).sights();
    assertThat(sights.stream().mapToDouble(Sight::before).sum()).isCloseTo(100, within(1e-6));
    assertThat(sights.stream().mapToDouble(Sight::after).sum()).isCloseTo(100, within(1e-6));
  }

  private static Sight sky(List<Image> images) {
    return look(List.of(new DrawnWord(Role.KEPT, "sky", "airplane", images, images)))
        .sights()
        .get(0);
  }

  /** Two labels for one thing would share its probability. */
  @Test
  void anotherWordForALabelIsNoSecondLabel() {
    List<Image> blue = List.of(plain(120, 180, 250));
    List<DrawnWord> drawn =
        List.of(
            new DrawnWord(Role.ERASED, "truck", "truck", blue, blue),
            new DrawnWord(Role.KEPT, "Sky", "truck", blue, blue));
    Verdict checked = look(List.of("car", "Sky"), drawn);
    assertThat(checked.judge()).isEqualTo("CLIP (pocket), 21 labels");
    assertThat(checked.sights()).extracting(Sight::shows).containsExactly("truck", "sky");
    assertThat(checked.sights().get(1).before()).isCloseTo(sky(blue).before(), within(1e-6));
  }

  @Test
  void thePocketScorerKnowsItsClassesAlone() {
    List<Image> one = List.of(plain(0, 0, 0));
    assertThatThrownBy(() -> look(List.of(new DrawnWord(Role.ERASED, "zebra", "zebra", one, one))))
        .isInstanceOf(RealeraException.class)
        .hasMessageContaining("does not know 'zebra'");
  }
}

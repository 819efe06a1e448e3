package org.realera.diffusion;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.builtin.PocketModel;
import org.realera.golden.Golden;
import org.realera.golden.TestModel;
import org.realera.safetensors.Weights;
import org.realera.tensor.Compute;
import org.realera.tensor.Edits;
import org.realera.tensor.Engine;
import org.realera.text.ClipTokenizer;

/** Against scripts/golden/spm_transport.py, and what follows from the formula. */
class FacilitatedTransportTest {
  private static final List<String> PROMPTS =
      List.of(
          "airplane",
          "a photo of the airplane",
          "a fire truck",
          "a truck on the road",
          "a drawing of the sea at night",
          "");
  private static final List<String> CONCEPTS = List.of("airplane", "fire truck", "the sea");
  private static final List<String> DRAWN =
      List.of("a photo of the house", "the family in a game", "the world");
  private static final Compute CPU = Engine.compute("cpu", "fp32");

  private static Checkpoint checkpoint;
  private static TestModel model;
  private static ClipTokenizer tokenizer;
  private static ImageSampler sampler;
  private static Membrane authors;
  private static FacilitatedTransport transport;

  @BeforeAll
  static void load() {
    Path folder = Golden.path("tiny-sd");
    checkpoint = Checkpoint.open(folder);
    model = new TestModel(folder, CPU);
    tokenizer = model.tokenizer();
    sampler = model.sampler(tokenizer);
    authors = SpmFile.read(Golden.path("spm-authors.safetensors"), checkpoint).membranes().get(0);
    transport = transport(List.of(authors));
  }

  @AfterAll
  static void unload() {
    tokenizer.close();
    model.close();
  }

  private static FacilitatedTransport transport(List<Membrane> membranes) {
    return new FacilitatedTransport(membranes, tokenizer, model.encoder(), Device.cpu());
  }

  private static Membrane none(String concept) {
    return new Membrane(List.of(concept), 1, new TreeMap<>(), new TreeMap<>());
  }

  private static ImageRequest request(String prompt, long seed) {
    return new ImageRequest(prompt, "", seed, 3, 4, 16, 16);
  }

  private static List<ImageRequest> requests() {
    List<ImageRequest> requests = new ArrayList<>();
    for (int i = 0; i < DRAWN.size(); i++) {
      requests.add(request(DRAWN.get(i), i));
    }
    return requests;
  }

  /** On the pocket model words far apart have a small cosine; there shared words decide. */
  @ParameterizedTest
  @ValueSource(strings = {"tiny-sd", "pocket"})
  void gammasAreThoseOfTheReference(String of) {
    Path folder = of.equals("pocket") ? PocketModel.folder() : Golden.path(of);
    try (Golden golden = Golden.open("spm-transport.safetensors");
        TestModel loaded = new TestModel(folder, CPU);
        ClipTokenizer words = loaded.tokenizer()) {
      FacilitatedTransport gammas =
          new FacilitatedTransport(
              CONCEPTS.stream().map(FacilitatedTransportTest::none).toList(),
              words,
              loaded.encoder(),
              Device.cpu());
      double[] expected = golden.get(of + ".gammas").toDoubleArray();
      for (int i = 0; i < PROMPTS.size(); i++) {
        List<Double> found = gammas.gammas(PROMPTS.get(i));
        for (int j = 0; j < CONCEPTS.size(); j++) {
          assertThat(found.get(j))
              .as("gamma of %s in \"%s\"", CONCEPTS.get(j), PROMPTS.get(i))
              .isCloseTo(expected[i * CONCEPTS.size() + j], within(1e-5));
        }
      }
    }
  }

  @Test
  void imagesAreThoseOfTheReference() {
    try (Golden golden = Golden.open("spm-transport.safetensors");
        NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDList latents = new NDList();
      for (ImageRequest request : requests()) {
        Edits edits = transport.edits(transport.gammas(request.prompt()), scope);
        latents.add(sampler.latents(scope, List.of(request), edits, done -> {}));
      }
      golden.assertClose("latents", NDArrays.concat(latents), 1e-4);
    }
  }

  @Test
  void ofSeveralPromptsOfAnAdapterTheNearestCounts() {
    assertThat(authors.prompts()).containsExactly("house", "the city");
    List<Double> both = transport(List.of(none("house"), none("the city"))).gammas("the world");
    assertThat(transport.gammas("the world")).containsExactly(Math.max(both.get(0), both.get(1)));
    assertThat(transport.gammas("one house")).containsExactly(1.0);
  }

  @Test
  void withoutAnyOfItImagesAreTheOriginals() {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      Edits edits = transport.edits(List.of(0.0), scope);
      List<Image> drawn = sampler.sample(requests(), edits, done -> {});
      List<Image> original = sampler.sample(requests(), Edits.NONE, done -> {});
      for (int i = 0; i < drawn.size(); i++) {
        assertThat(drawn.get(i).rgb()).isEqualTo(original.get(i).rgb());
      }
    }
  }

  @Test
  void theFartherAPromptTheLessItChanges() {
    double near = change(1);
    assertThat(change(0.5)).isLessThan(0.8 * near);
    assertThat(change(0.1)).isLessThan(0.2 * near);
    assertThat(change(0.1)).isPositive();
  }

  private static double change(double gamma) {
    try (NDManager scope = NDManager.newBaseManager(Device.cpu())) {
      NDArray drawn =
          sampler.latents(scope, requests(), transport.edits(List.of(gamma), scope), done -> {});
      NDArray original = sampler.latents(scope, requests(), Edits.NONE, done -> {});
      return Golden.relativeError(drawn, original);
    }
  }

  /** At 1 that is the folder that erase writes; the products are added, not the factors. */
  @ParameterizedTest
  @ValueSource(doubles = {1, 0.3})
  void severalConceptsAddTheirProducts(double second) {
    Membrane other = shuffled(authors);
    FacilitatedTransport both = transport(List.of(authors, other));
    try (NDManager scope = NDManager.newBaseManager(Device.cpu());
        Weights unet = checkpoint.openUnet()) {
      Map<String, NDArray> merged = new TreeMap<>();
      for (String module : authors.modules()) {
        String name = module + Edits.WEIGHT;
        NDArray w = unet.read(name, scope).toType(DataType.FLOAT32, false);
        NDArray sum = w.add(product(authors, module, w.getShape(), scope));
        merged.put(name, sum.add(product(other, module, w.getShape(), scope).mul((float) second)));
      }
      NDArray expected = sampler.latents(scope, requests(), new Edits(merged, 1), done -> {});
      NDArray drawn =
          sampler.latents(scope, requests(), both.edits(List.of(1.0, second), scope), done -> {});
      assertThat(Golden.relativeError(drawn, expected)).isLessThan(1e-4);
    }
  }

  /** Another adapter of the same shapes, with alpha / r = 0.5. */
  private static Membrane shuffled(Membrane membrane) {
    TreeMap<String, float[]> reversed = new TreeMap<>();
    membrane
        .parameters()
        .forEach(
            (name, values) -> {
              float[] back = new float[values.length];
              for (int i = 0; i < back.length; i++) {
                back[i] = values[values.length - 1 - i];
              }
              reversed.put(name, back);
            });
    return new Membrane(List.of("game"), 0.5, reversed, membrane.shapes());
  }

  private static NDArray product(Membrane membrane, String module, Shape weight, NDManager scope) {
    float[] a = Objects.requireNonNull(membrane.parameters().get(module + Edits.LORA_A));
    float[] b = Objects.requireNonNull(membrane.parameters().get(module + Edits.LORA_B));
    NDArray product =
        scope.create(b, new Shape(b.length, 1)).matMul(scope.create(a, new Shape(1, a.length)));
    return product.mul((float) membrane.scale()).reshape(weight);
  }

  @Test
  void eachPromptHasItsOwnGammaWhateverStandsBesideIt() {
    List<ImageRequest> mixed = new ArrayList<>(requests());
    mixed.add(1, request(DRAWN.get(0), 7));
    mixed.add(request(DRAWN.get(0), 0));
    List<Long> told = new ArrayList<>();
    List<Image> together = transport.sample(sampler, mixed, told::add);
    assertThat(together).hasSize(5);
    assertThat(told).isSorted().last().isEqualTo(15L);
    for (int i = 0; i < mixed.size(); i++) {
      byte[] alone = transport.sample(sampler, mixed.subList(i, i + 1), d -> {}).get(0).rgb();
      for (int j = 0; j < alone.length; j++) {
        int difference = Math.abs((alone[j] & 255) - (together.get(i).rgb()[j] & 255));
        assertThat(difference).as("picture %s", i).isLessThanOrEqualTo(1);
      }
    }
  }

  @Test
  void whatAPromptGetsIsSaid() {
    assertThat(transport(List.of(none("house"), none("game"))).describe("a house of the game"))
        .isEqualTo("1.00 of \"house\", 1.00 of \"game\"");
  }
}

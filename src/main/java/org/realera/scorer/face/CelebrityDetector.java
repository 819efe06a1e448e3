package org.realera.scorer.face;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.files.BasicNormalizer;
import org.realera.files.Json;
import org.realera.files.ModelText;
import org.realera.safetensors.SafetensorsFile;
import org.realera.scorer.pixels.Box;
import org.realera.scorer.pixels.PilFilter;
import org.realera.scorer.pixels.PilResize;
import org.realera.scorer.pixels.Pixels;
import org.realera.tensor.Compute;
import org.realera.tensor.Resources;

/**
 * GIPHY's celebrity detector: MTCNN finds the faces, a ResNet-50 names them. Reads the file that
 * {@code scripts/scorers/convert_celebrity.py} makes of the public release.
 */
public final class CelebrityDetector implements AutoCloseable {
  /** How much of a face's width and height is added, half of it on each side. */
  private static final double MARGIN = 0.2;

  private static final String LABELS = "labels";

  private final Resources resources;
  private final Mtcnn faces;
  private final CelebrityNetwork network;
  private final List<String> names;

  private CelebrityDetector(
      Resources resources, Mtcnn faces, CelebrityNetwork network, List<String> names) {
    this.resources = resources;
    this.faces = faces;
    this.network = network;
    this.names = names;
  }

  /**
   * Loads the detector.
   *
   * @throws RealeraException (not found) without the file; (damaged) if it is not the converted
   *     release
   */
  public static CelebrityDetector load(Path file, Compute compute) {
    return Resources.load(resources -> load(resources, file, compute));
  }

  private static CelebrityDetector load(Resources resources, Path file, Compute compute) {
    SafetensorsFile weights = resources.own(SafetensorsFile.open(file), SafetensorsFile::close);
    Mtcnn faces = resources.own(Mtcnn.load(weights, compute), Mtcnn::close);
    CelebrityNetwork network =
        resources.own(CelebrityNetwork.load(weights, compute), CelebrityNetwork::close);
    List<String> names = names(weights, file);
    if (names.size() != network.classes()) {
      throw damaged(file, names.size() + " names for " + network.classes() + " classes");
    }
    return new CelebrityDetector(resources, faces, network, names);
  }

  /**
   * The names of the classes, in their order.
   *
   * @throws RealeraException (damaged) if there are none, or one is empty or stands twice: an image
   *     is of a person by the name alone, whatever the case
   */
  static List<String> names(SafetensorsFile weights, Path file) {
    @Nullable String json = weights.metadata().get(LABELS);
    if (json == null) {
      throw damaged(file, "its metadata has no '" + LABELS + "'");
    }
    @Nullable String @Nullable [] labels;
    try {
      labels = Json.READER.forType(String[].class).readValue(json);
    } catch (JsonProcessingException e) {
      throw damaged(file, "its '" + LABELS + "' are no list of names");
    }
    if (labels == null) {
      throw damaged(file, "its '" + LABELS + "' are no list of names");
    }
    List<String> names = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String label : labels) {
      if (label == null || ModelText.isBlank(label)) {
        throw damaged(file, "its '" + LABELS + "' have no name for class " + names.size());
      }
      if (!seen.add(BasicNormalizer.normalize(label))) {
        throw damaged(file, "its '" + LABELS + "' have the name '" + label + "' twice");
      }
      names.add(label);
    }
    return List.copyOf(names);
  }

  private static RealeraException damaged(Path file, String what) {
    return RealeraException.damaged(
        file + " is not the celebrity detector: " + what,
        "Make the file with scripts/scorers/convert_celebrity.py");
  }

  /** The celebrities it knows, as people write their names. */
  public List<String> names() {
    return names;
  }

  /**
   * Says whether a name is among those it knows, whatever the case.
   *
   * @throws RealeraException (usage) if not: no image could ever count as that person
   */
  public void requireKnown(String name) {
    if (names.stream().noneMatch(known -> ModelText.isSame(known, name))) {
      throw RealeraException.usage(
          "the celebrity detector does not know '" + name + "'",
          "Choose one of its " + names.size() + " names, which are listed with GIPHY's release.");
    }
  }

  /**
   * Finds the faces and names the image.
   *
   * <p>Of several faces those of one person count together (the product of their probabilities),
   * and the person with most faces gives the image its name, then the one with the surest face.
   * GIPHY's code groups by a Gaussian mixture that starts from the same persons; with one face, or
   * several of as many persons, which is nearly always so in a portrait, both are the same.
   */
  public Sighting look(Image image) {
    List<Image> crops = new ArrayList<>();
    for (Face face : faces.detect(image)) {
      Image crop = crop(image, face.box());
      if (crop != null) {
        crops.add(crop);
      }
    }
    if (crops.isEmpty()) {
      return Sighting.FACELESS;
    }
    double[] chosen = chosen(network.probabilities(crops));
    int best = top(chosen);
    double sum = Arrays.stream(chosen).sum();
    return new Sighting(crops.size(), names.get(best), sum > 0 ? chosen[best] / sum : 0);
  }

  /**
   * The person that gives the image its name.
   *
   * @param faces probabilities of each face, one of a name
   * @return products of that person's faces
   */
  static double[] chosen(float[][] faces) {
    Map<Integer, List<double[]>> persons = new LinkedHashMap<>();
    for (float[] face : faces) {
      double[] wide = new double[face.length];
      Arrays.setAll(wide, i -> face[i]);
      persons.computeIfAbsent(top(wide), p -> new ArrayList<>()).add(wide);
    }
    Comparator<List<double[]>> bySize = Comparator.comparingInt(List::size);
    List<double[]> most =
        persons.values().stream().sorted(bySize.reversed()).findFirst().orElseThrow();
    double[] product = most.get(0).clone();
    for (double[] other : most.subList(1, most.size())) {
      Arrays.setAll(product, i -> product[i] * other[i]);
    }
    return product;
  }

  private static int top(double[] values) {
    int best = 0;
    for (int i = 1; i < values.length; i++) {
      if (values[i] > values[best]) {
        best = i;
      }
    }
    return best;
  }

  /**
   * The face with its margin, 224 x 224, cut and resized as GIPHY's code does it.
   *
   * @return null if nothing of it lies inside the image
   */
  static @Nullable Image crop(Image image, Box face) {
    float right = face.x() + face.width();
    float bottom = face.y() + face.height();
    int marginX = (int) (face.width() * MARGIN);
    int marginY = (int) (face.height() * MARGIN);
    int x0 = (int) Math.max(face.x() - marginX / 2.0, 0);
    int y0 = (int) Math.max(face.y() - marginY / 2.0, 0);
    int x1 = (int) Math.min(right + marginX / 2.0, image.width());
    int y1 = (int) Math.min(bottom + marginY / 2.0, image.height());
    if (x1 <= x0 || y1 <= y0) {
      return null;
    }
    Image cut = Pixels.crop(image, x0, y0, x1 - x0, y1 - y0);
    int size = CelebrityNetwork.SIZE;
    return new Image(
        size,
        size,
        PilResize.resize(cut.rgb(), cut.width(), cut.height(), size, size, PilFilter.BILINEAR));
  }

  @Override
  public void close() {
    resources.close();
  }
}

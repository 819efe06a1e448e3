package org.realera.scorer.clip;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.RealeraException.Kind;
import org.realera.config.Limits;
import org.realera.diffusion.Image;
import org.realera.files.IoErrors;
import org.realera.files.Json;
import org.realera.files.TextFile;
import org.realera.scorer.pixels.PilResize;

/**
 * Turns an image into CLIP's input as transformers' {@code CLIPImageProcessor} (4.53) does: bicubic
 * resize of 8-bit RGB, center crop, rescale, normalise.
 *
 * @param resizeHeight height to resize to; 0 where {@code shortestEdge} counts
 * @param resizeWidth width to resize to; 0 where {@code shortestEdge} counts
 * @param shortestEdge length of the shorter edge after resizing; 0 where height and width count
 * @param resize whether to resize at all
 * @param cropHeight rows cut from the middle; what lies outside the image is black
 * @param cropWidth columns cut from the middle
 * @param factor what a pixel value is multiplied with before normalising
 * @param mean of red, green and blue
 * @param std of red, green and blue
 */
record ClipPreprocessor(
    int resizeHeight,
    int resizeWidth,
    int shortestEdge,
    boolean resize,
    int cropHeight,
    int cropWidth,
    double factor,
    List<Double> mean,
    List<Double> std) {
  /** What the folder of a CLIP model calls its settings. */
  public static final String FILE = "preprocessor_config.json";

  /** Where transformers 5 puts the same settings, as an object of this name. */
  private static final String PROCESSOR_FILE = "processor_config.json";

  private static final String NESTED = "image_processor";

  private static final String REMEDY = "Give the folder of a CLIP model as transformers saves it.";

  private static final int BICUBIC = 3;
  private static final List<Double> OPENAI_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
  private static final List<Double> OPENAI_STD = List.of(0.26862954, 0.26130258, 0.27577711);

  public ClipPreprocessor {
    mean = List.copyOf(mean);
    std = List.copyOf(std);
  }

  /**
   * Reads {@code preprocessor_config.json} of a CLIP folder; where there is none, what transformers
   * 5 saves in its place: {@code image_processor} in {@code processor_config.json}.
   *
   * @throws RealeraException (not found) without it; (damaged) if it asks for what CLIP's processor
   *     does not do
   */
  public static ClipPreprocessor open(Path folder) {
    Path file = folder.resolve(FILE);
    try {
      return parse(TextFile.read(file, REMEDY), file.toString());
    } catch (NoSuchFileException e) {
      return nested(folder);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private static ClipPreprocessor nested(Path folder) {
    Path file = folder.resolve(PROCESSOR_FILE);
    try {
      JsonNode nested = tree(TextFile.read(file, REMEDY), file.toString()).path(NESTED);
      if (nested.isMissingNode() || nested.isNull()) {
        throw missing(folder, ", and its " + PROCESSOR_FILE + " no " + NESTED, null);
      }
      return of(nested, file + ", " + NESTED);
    } catch (NoSuchFileException e) {
      throw missing(folder, "", e);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private static RealeraException missing(
      Path folder, String more, @Nullable NoSuchFileException cause) {
    return new RealeraException(
        Kind.NOT_FOUND,
        folder + " has no " + FILE + more,
        "Give the folder of a CLIP model as transformers saves it, with its processor.",
        cause);
  }

  static ClipPreprocessor parse(String json, String source) {
    return of(tree(json, source), source);
  }

  private static JsonNode tree(String json, String source) {
    try {
      return Json.PYTHON.readTree(json);
    } catch (JsonProcessingException e) {
      throw unsupported(source, "not JSON: " + Json.reason(e));
    }
  }

  private static ClipPreprocessor of(JsonNode root, String source) {
    if (!root.isObject()) {
      throw unsupported(source, "no JSON object");
    }
    if (root.has("resample") && root.path("resample").asInt() != BICUBIC) {
      throw unsupported(source, "resample is " + root.path("resample") + ", expected 3 (bicubic)");
    }
    JsonNode size = orMissing(root.path("size"));
    int edge = size.isObject() ? pixels(size, "shortest_edge", 0, source) : 224;
    if (!size.isObject() && !size.isMissingNode()) {
      edge = pixels(root, "size", 224, source);
    }
    int height = pixels(size, "height", 0, source);
    int width = pixels(size, "width", 0, source);
    boolean resize = flag(root, "do_resize", source);
    if (resize && edge < 1 && (height < 1 || width < 1)) {
      throw unsupported(source, "size is " + size + ", expected shortest_edge or height and width");
    }
    boolean cropped = flag(root, "do_center_crop", source);
    JsonNode crop = cropped ? orMissing(root.path("crop_size")) : size;
    if (!cropped && (!resize || height < 1 || width < 1)) {
      throw unsupported(source, "do_center_crop is false, so size must be a height and a width");
    }
    int square =
        crop.isObject() ? 0 : crop.isMissingNode() ? 224 : pixels(root, "crop_size", 224, source);
    boolean rescale = flag(root, "do_rescale", source);
    JsonNode factor = root.path("rescale_factor");
    if (rescale && root.has("rescale_factor") && !isFinite(factor)) {
      throw unsupported(source, "rescale_factor is " + factor + ", expected a number");
    }
    boolean normalise = flag(root, "do_normalize", source);
    return new ClipPreprocessor(
        height,
        width,
        edge,
        resize,
        pixels(crop, "height", square, source),
        pixels(crop, "width", square, source),
        rescale ? factor.asDouble(1 / 255.0) : 1.0,
        normalise ? three(root.path("image_mean"), OPENAI_MEAN, source) : List.of(0.0, 0.0, 0.0),
        normalise ? three(root.path("image_std"), OPENAI_STD, source) : List.of(1.0, 1.0, 1.0));
  }

  /** Of a size, transformers takes null for nothing said. */
  private static JsonNode orMissing(JsonNode node) {
    return node.isNull() ? MissingNode.getInstance() : node;
  }

  /** A switch that is on by itself; null is off, as Python takes it. */
  private static boolean flag(JsonNode root, String key, String source) {
    JsonNode value = root.path(key);
    if (!value.isMissingNode() && !value.isNull() && !value.isBoolean()) {
      throw unsupported(source, key + " is " + value + ", expected true or false");
    }
    return value.isMissingNode() || value.booleanValue();
  }

  private static int pixels(JsonNode node, String key, int otherwise, String source) {
    JsonNode value = node.path(key);
    if (value.isMissingNode()) {
      return otherwise;
    }
    if (!value.isInt() || value.intValue() < 1 || value.intValue() > Limits.PIXELS) {
      throw unsupported(
          source, key + " is " + value + ", expected a whole number from 1 to " + Limits.PIXELS);
    }
    return value.intValue();
  }

  private static List<Double> three(JsonNode node, List<Double> otherwise, String source) {
    if (orMissing(node).isMissingNode()) {
      return otherwise;
    }
    if (node.size() != 3
        || !isFinite(node.path(0))
        || !isFinite(node.path(1))
        || !isFinite(node.path(2))) {
      throw unsupported(source, "mean or std is " + node + ", expected three numbers");
    }
    return List.of(node.get(0).asDouble(), node.get(1).asDouble(), node.get(2).asDouble());
  }

  private static boolean isFinite(JsonNode node) {
    return node.isNumber() && Double.isFinite(node.doubleValue());
  }

  private static RealeraException unsupported(String source, String what) {
    return RealeraException.damaged(source + ": " + what, REMEDY);
  }

  /** The image as CLIP's input: [3, cropHeight, cropWidth] float32. */
  public float[] process(Image image) {
    int height = image.height();
    int width = image.width();
    byte[] rgb = image.rgb();
    if (!resize) {
      return normalised(rgb, height, width);
    }
    int newHeight = resizeHeight;
    int newWidth = resizeWidth;
    if (shortestEdge > 0) {
      int shorter = Math.min(width, height);
      int longer = (int) ((double) ((long) shortestEdge * Math.max(width, height)) / shorter);
      newHeight = width <= height ? longer : shortestEdge;
      newWidth = width <= height ? shortestEdge : longer;
    }
    return normalised(
        PilResize.bicubic(rgb, width, height, newWidth, newHeight), newHeight, newWidth);
  }

  private float[] normalised(byte[] rgb, int height, int width) {
    float[] out = new float[3 * cropHeight * cropWidth];
    int top = Math.floorDiv(height - cropHeight, 2);
    int left = Math.floorDiv(width - cropWidth, 2);
    for (int c = 0; c < 3; c++) {
      float m = mean.get(c).floatValue();
      float s = std.get(c).floatValue();
      float[] table = new float[256];
      for (int v = 0; v < 256; v++) {
        table[v] = ((float) (v * factor) - m) / s;
      }
      for (int y = 0; y < cropHeight; y++) {
        int row = y + top;
        for (int x = 0; x < cropWidth; x++) {
          int column = x + left;
          boolean inside = row >= 0 && row < height && column >= 0 && column < width;
          int v = inside ? rgb[(row * width + column) * 3 + c] & 0xff : 0;
          out[(c * cropHeight + y) * cropWidth + x] = table[v];
        }
      }
    }
    return out;
  }
}

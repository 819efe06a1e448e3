package org.realera.checkpoint.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.realera.RealeraException;
import org.realera.safetensors.DType;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.Weights;

/** Compares the tensors that are there with those that a configuration asks for. */
public final class LayoutCheck {
  private static final int SHOWN = 3;

  private LayoutCheck() {}

  /**
   * Checks names, shapes and that all are floating point.
   *
   * @param expected as a layout of this package gives them
   * @throws RealeraException damaged, naming the file and the first few tensors that do not fit
   */
  public static void check(Weights weights, SortedMap<String, List<Long>> expected) {
    check(
        weights.source(),
        weights.tensors(),
        expected,
        "the config.json beside it",
        "Use the config.json and weights of one model, in the layout diffusers writes.");
  }

  /**
   * The same for tensors by name.
   *
   * @param source the file, for the message
   * @param found what is there
   * @param expected names and shapes that should be
   * @param reference what they do not fit, for the message
   * @param remedy what to do then
   */
  public static void check(
      String source,
      SortedMap<String, TensorInfo> found,
      SortedMap<String, List<Long>> expected,
      String reference,
      String remedy) {
    List<String> problems = new ArrayList<>();
    expected.forEach(
        (name, shape) -> {
          TensorInfo info = found.get(name);
          if (info == null) {
            problems.add("%s %s is missing".formatted(name, shape));
          } else if (!info.dtype().isReadable()) {
            problems.add("%s is %s, which is not supported".formatted(name, info.dtype().label()));
          } else if (!info.shape().equals(shape)) {
            problems.add("%s should be %s, found %s".formatted(name, shape, info.shapeText()));
          } else if (!info.dtype().isFloating()) {
            problems.add(
                "%s should be floating point, found %s".formatted(name, info.dtype().label()));
          }
        });
    int wrong = problems.size();
    found.forEach(
        (name, info) -> {
          if (!expected.containsKey(name) && !isHarmless(name)) {
            problems.add("%s %s is not part of it".formatted(name, info.shapeText()));
          }
        });
    if (!problems.isEmpty()) {
      String more =
          problems.size() > SHOWN ? "; and %s more".formatted(problems.size() - SHOWN) : "";
      throw RealeraException.damaged(
          "%s: %s: %s%s"
              .formatted(
                  source,
                  counts(wrong, expected.size(), problems.size() - wrong, reference),
                  String.join("; ", problems.subList(0, Math.min(SHOWN, problems.size()))),
                  more),
          isUnreadable(found, expected) ? DType.REMEDY : remedy);
    }
  }

  private static boolean isUnreadable(
      SortedMap<String, TensorInfo> found, SortedMap<String, List<Long>> expected) {
    return found.values().stream()
        .anyMatch(info -> expected.containsKey(info.name()) && !info.dtype().isReadable());
  }

  /** How many of the tensors asked for do not fit, and how many are there besides. */
  private static String counts(int wrong, int expected, int others, String reference) {
    String fit = "%s of %s tensors do not fit %s".formatted(wrong, expected, reference);
    if (others == 0) {
      return fit;
    }
    return wrong == 0
        ? "%s other than the tensors of %s".formatted(others, reference)
        : "%s, and %s %s no part of it".formatted(fit, others, others == 1 ? "is" : "are");
  }

  /** A buffer that older transformers saved along with the weights. */
  public static boolean isHarmless(String name) {
    return name.endsWith(".position_ids");
  }
}

package org.realera.cli;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.realera.cli.json.ModelInfoJson;
import org.realera.cli.json.ModelListJson;
import org.realera.convert.ModelDiff;
import org.realera.convert.ModelInfo;
import org.realera.convert.ModelInfo.Part;
import org.realera.files.PlainText;
import org.realera.files.Sizes;
import org.realera.hub.CachedModels.Cached;

/** What {@code realera model info} and {@code list} say. */
final class ModelInfoPrinter {
  private final Console console;
  private final boolean json;

  ModelInfoPrinter(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  /** What a model is. */
  void info(ModelInfo info) {
    if (json) {
      console.printJson(JsonForm.MODEL_INFO, ModelInfoJson.of(info, null));
    } else {
      describe(info);
    }
  }

  /** The same, and what makes it differ from another. */
  void info(ModelInfo info, String base, ModelDiff diff) {
    if (json) {
      console.printJson(
          JsonForm.MODEL_INFO, ModelInfoJson.of(info, ModelInfoJson.Diff.of(base, diff)));
    } else {
      describe(info);
      describe(base, diff);
    }
  }

  private void describe(ModelInfo info) {
    PrintStream out = console.out();
    out.println(
        info.location()
            + ": "
            + info.kind()
            + (info.supported() ? "" : " (realera can't work with it)"));
    row("form", info.form() + ", " + Sizes.text(info.bytes()));
    info.facts().forEach((name, text) -> row(name, Console.asTyped(text)));
    for (Part part : info.parts()) {
      row(
          part.name(),
          String.format(
              Locale.ROOT,
              "%,d parameters in %d tensors, %s, %s",
              part.parameters(),
              part.tensors(),
              types(part),
              Sizes.text(part.bytes())));
    }
    row("in all", String.format(Locale.ROOT, "%,d parameters", info.parameters()));
    info.manifest()
        .ifPresentOrElse(
            m -> {
              row(
                  "made by",
                  "realera " + m.version() + " from " + m.model().ref() + ", seed " + m.seed());
              row("erased", String.join(", ", m.pairs()));
            },
            () ->
                row(
                    "made by",
                    info.facts().containsKey("version")
                        ? "realera"
                        : "not known (it has no realera.json)"));
  }

  private void row(String name, String text) {
    console.out().printf("  %-12s  %s%n", name, PlainText.line(text));
  }

  private static String types(Part part) {
    return part.types().size() == 1
        ? part.types().firstKey()
        : part.types().entrySet().stream()
            .map(type -> type.getValue() + " " + type.getKey())
            .collect(Collectors.joining(" + "));
  }

  private void describe(String base, ModelDiff diff) {
    PrintStream out = console.out();
    out.println();
    if (diff.isNone()) {
      out.println("All values are those of " + base + ".");
    } else {
      out.printf("%s tensors differ from %s:%n", diff.changed().size(), base);
      out.printf("  %9s %9s  %s%n", "relative", "largest", "tensor");
      diff.changed()
          .forEach(
              (name, d) ->
                  out.printf(
                      Locale.ROOT,
                      "  %9s %9.2e  %s%n",
                      d.relative().isPresent()
                          ? String.format(Locale.ROOT, "%.2e", d.relative().getAsDouble())
                          : "-",
                      d.largest(),
                      name));
    }
    diff.reshaped().forEach(name -> out.println("  other shape: " + name));
    diff.added().forEach(name -> out.println("  not in the base: " + name));
    diff.missing().forEach(name -> out.println("  only in the base: " + name));
    out.printf(
        "%s tensors are the same%s.%n",
        diff.same(), diff.otherType() == 0 ? "" : ", " + diff.otherType() + " in another type");
  }

  private static String problem(Cached model) {
    return model.partial()
        ? "not complete; run " + Console.asTyped("realera model pull " + model.name())
        : "can't be used: " + model.problem();
  }

  /** The models that can be named. */
  void list(List<Cached> models, Path cache) {
    if (json) {
      console.printJson(JsonForm.MODEL_LIST, ModelListJson.of(cache, models));
      return;
    }
    PrintStream out = console.out();
    out.printf("%-42s %9s  %s%n", "pocket", "", "built in");
    for (Cached model : models) {
      out.printf(
          "%-42s %9s  %s%n",
          model.name(), Sizes.text(model.bytes()), model.ready() ? "ready" : problem(model));
    }
    console.note((models.isEmpty() ? "no models in the hub cache " : "the hub cache is ") + cache);
  }
}

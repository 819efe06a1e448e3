package org.realera.cli;

import java.io.PrintStream;
import java.util.Locale;
import org.realera.cli.json.ModelConvertJson;
import org.realera.cli.json.ModelPullJson;
import org.realera.convert.ConvertRequest;
import org.realera.convert.ConvertResult;
import org.realera.convert.ConvertResult.Layer;
import org.realera.files.Sizes;
import org.realera.hub.HubPull.Pulled;

/** What the commands under {@code realera model} say. */
final class ModelPrinter {
  private final Console console;
  private final boolean json;

  ModelPrinter(Console console, boolean json) {
    this.console = console;
    this.json = json;
  }

  /** What was written, how exact it is. */
  void converted(ConvertRequest request, ConvertResult result) {
    result.notes().forEach(console::note);
    if (json) {
      console.printJson(JsonForm.MODEL_CONVERT, ModelConvertJson.of(request, result));
      return;
    }
    PrintStream out = console.out();
    if (!result.layers().isEmpty()) {
      layers(out, result);
    }
    out.printf(
        Locale.ROOT,
        "%s: %s, %d tensors, %s%n",
        result.out(),
        request.to().key(),
        result.tensors(),
        Sizes.text(result.bytes()));
  }

  /** Where the model is; as JSON, what was fetched for it, too. */
  void pulled(Pulled pulled) {
    if (json) {
      console.printJson(JsonForm.MODEL_PULL, ModelPullJson.of(pulled));
    } else {
      console.out().println(pulled.folder());
    }
  }

  private static void layers(PrintStream out, ConvertResult result) {
    out.println("Change of each layer, and what its factors miss (Frobenius norms):");
    out.printf("%6s %11s %11s  %s%n", "rank", "of change", "of weight", "layer");
    for (Layer layer : result.layers()) {
      out.printf(
          Locale.ROOT,
          "%6d %11.2e %11.2e  %s%s%n",
          layer.rank(),
          layer.error(),
          layer.weightError(),
          layer.module(),
          layer.exact() ? "" : " (cut; exact from rank " + layer.exactRank() + ")");
    }
    out.printf(
        Locale.ROOT, "%6s %11.2e %11s  %s%n", "", result.missed(), "", "all of them together");
  }
}

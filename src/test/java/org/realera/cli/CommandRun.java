package org.realera.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.ModelCard;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.erase.ErasePreview;
import org.realera.erase.EraseRequest;
import org.realera.erase.EraseResult;
import org.realera.hub.Wanted;

/** One run of a command line in this JVM: what it returned and said. */
record CommandRun(int code, String out, String err) {

  static CommandRun of(String... args) {
    return with(new FakeCore(), args);
  }

  static CommandRun with(Services core, String... args) {
    return with(core, Map.of(), args);
  }

  static CommandRun with(Services core, Map<String, String> env, String... args) {
    return run(core, new Interruption(), env, args);
  }

  /** A run that a signal has asked to stop before it began. */
  static CommandRun interrupted(Services core, String... args) {
    Interruption interruption = new Interruption();
    interruption.request();
    return run(core, interruption, Map.of(), args);
  }

  private static CommandRun run(
      Services core, Interruption interruption, Map<String, String> env, String... args) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    Console console =
        new Console(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            env,
            0);
    int code = Main.run(List.of(args), console, core, interruption);
    return new CommandRun(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** The real core, which shows nothing of what it fetches. */
  static Services liveCore() {
    PrintStream nowhere = new PrintStream(PrintStream.nullOutputStream());
    return new LiveServices(new Console(nowhere, nowhere, Map.of(), 0), new Interruption());
  }

  /** A core that finds "pocket" and any model whose name starts with a slash, and does nothing. */
  static class FakeCore implements Services {
    @Override
    public Path locate(String reference, Wanted wanted, Map<String, String> env) {
      if (reference.equals("pocket") || reference.startsWith("/")) {
        return Path.of("/models").resolve(reference);
      }
      throw RealeraException.notFound(
          "there is no model '" + reference + "' in /models", "Try --model pocket.");
    }

    @Override
    public ErasePreview describe(EraseRequest request) {
      return new ErasePreview("a network", "cpu, fp32");
    }

    @Override
    public ImageOutput generate(
        GenerateRequest request, Map<String, String> env, Progress progress) {
      locate(request.model(), env);
      ImageSize standard = new ImageSize(8, 8);
      var wanted = request.images(ModelCard.DEFAULT, standard);
      var files =
          ImageOutput.plan(
              request.out(),
              request.model(),
              request.spm(),
              wanted,
              request.count(),
              request.force());
      for (ImageRequest one : wanted) {
        byte[] rgb = new byte[3 * one.width() * one.height()];
        Arrays.fill(rgb, (byte) one.seed());
        files.add(List.of(new Image(one.width(), one.height(), rgb)));
      }
      return files;
    }

    @Override
    public EraseResult erase(EraseRequest request, Progress progress) {
      Path out = request.out();
      return new EraseResult(
          out, out.resolve("realera.json"), out.resolve("report.html"), Map.of(), 1.25, false);
    }
  }
}

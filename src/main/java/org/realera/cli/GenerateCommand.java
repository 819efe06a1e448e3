package org.realera.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.diffusion.ImageRequest;
import org.realera.erase.Interruption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code realera generate}: draws pictures. */
@Command(
    name = "generate",
    sortOptions = false,
    description = {
      "Draws pictures from prompts.",
      "",
      "Picture i of a prompt has seed N + i; prompt, seed, model, steps and guidance stand in the"
          + " PNG. The same seed and settings give diffusers' DDIM picture."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera generate --model pocket --prompt \"a photo of the cat\" --out cat.png",
      "  realera generate -m out/no-cat -p \"a photo of the cat\" -n 9 -o sheet.png",
      "  realera generate -p \"a castle\" -p \"a ship\" -n 100 --seed 7 -o pictures/"
    })
final class GenerateCommand extends BaseCommand {
  @Mixin private ModelOption model = new ModelOption();
  @Mixin private ComputeOptions compute = new ComputeOptions();

  @Option(
      names = {"-p", "--prompt"},
      paramLabel = "TEXT",
      required = true,
      description = "What to draw; repeats.",
      order = 2)
  private List<String> prompts = new ArrayList<>();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "FILE|DIR",
      required = true,
      description = {
        "FILE.png: one picture; several are laid out on one sheet, a row for each prompt.",
        "DIR: one file for each picture."
      },
      order = 3)
  private Path out = Path.of("");

  @Option(
      names = {"-n", "--count"},
      paramLabel = "N",
      description = "Pictures of each prompt. Default: 1.",
      order = 4)
  private int count = 1;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the first picture. Default: 0.",
      order = 5)
  private long seed;

  @Option(
      names = "--negative-prompt",
      paramLabel = "TEXT",
      description = "What to steer away from.",
      order = 6)
  private String negativePrompt = "";

  @Option(
      names = "--steps",
      paramLabel = "N",
      description = "Sampling steps. Default: the model's, 50 for sd-v1-4.",
      order = 7)
  private @Nullable Integer steps;

  @Option(
      names = "--guidance",
      paramLabel = "G",
      description = "Guidance scale; 1 is none. Default: the model's, 7.5 for sd-v1-4.",
      order = 8)
  private @Nullable Double guidance;

  @Option(
      names = "--size",
      paramLabel = "WxH",
      converter = ImageSize.Converter.class,
      description = "Size in pixels. Default: the model's, 512x512 for sd-v1-4.",
      order = 9)
  private @Nullable ImageSize size;

  @Option(names = "--force", description = "Replace files that exist.", order = 31)
  private boolean force;

  @Option(names = "--json", description = "Print the result as JSON.", order = 90)
  private boolean json;

  GenerateCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    check();
    GenerateRequest request =
        new GenerateRequest(
            model.reference(console.env()),
            List.copyOf(prompts),
            negativePrompt,
            count,
            seed,
            steps,
            guidance,
            size,
            out,
            force,
            compute.device(console.env()),
            compute.dtype());
    long began = System.nanoTime();
    ImageOutput files;
    try (Progress progress = Progress.on(console)) {
      files = core.generate(request, console.env(), progress, interruption);
    }
    print(files, LineProgress.seconds(System.nanoTime() - began));
    return ExitCode.DONE;
  }

  private void print(ImageOutput files, String time) {
    if (json) {
      List<Object> pictures = new ArrayList<>();
      for (int i = 0; i < files.requests().size(); i++) {
        ImageRequest drawn = files.requests().get(i);
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("file", files.files().get(Math.min(i, files.files().size() - 1)).toString());
        entry.put("prompt", drawn.prompt());
        entry.put("seed", drawn.seed());
        entry.put("steps", drawn.steps());
        entry.put("guidance", drawn.guidance());
        entry.put("width", drawn.width());
        entry.put("height", drawn.height());
        pictures.add(entry);
      }
      console.printJson(Map.of("pictures", pictures));
    } else {
      files.files().forEach(console.out()::println);
    }
    int count = files.requests().size();
    console.note(count + (count == 1 ? " picture" : " pictures") + " in " + time);
  }

  private void check() {
    Numbers.atLeastOne("--count", count);
    Numbers.atLeastOne("--steps", steps);
    if (guidance != null && !(guidance >= 0 && guidance <= 100)) {
      throw RealeraException.usage(
          "--guidance is " + guidance, "Take a number from 0 to 100; 7.5 is usual.");
    }
    if (seed < 0) {
      throw RealeraException.usage("--seed is " + seed, "Take a whole number of 0 or more.");
    }
  }
}

package org.realera.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code realera generate}: draws images. */
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
      "  realera generate -p \"a castle\" -p \"a ship\" -n 100 --seed 7 -o pictures/",
      "  realera generate -m out/no-cat --prompt-file runs/attack/found.csv -o found/"
    })
final class GenerateCommand extends BaseCommand {
  @Mixin private GenerateOptions options = new GenerateOptions();
  @Mixin private JsonOption.OfResult json = new JsonOption.OfResult();

  GenerateCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    GenerateRequest request = options.request(console.env());
    long wordless = options.embeddings();
    if (wordless > 0) {
      console.note(wordless + " of the file are embeddings, which are no words: left out");
    }
    options.emptyPrompts(request).ifPresent(console::note);
    long began = System.nanoTime();
    ImageOutput files;
    try (ConsoleProgress progress = progress()) {
      files = core.generate(request, console.env(), progress);
    }
    String time = LineDisplay.seconds(System.nanoTime() - began);
    new GeneratePrinter(console, json.json()).print(files, time);
    return ExitCode.DONE;
  }
}

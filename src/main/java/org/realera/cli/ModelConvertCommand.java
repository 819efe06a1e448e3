package org.realera.cli;

import org.realera.convert.Conversion;
import org.realera.convert.ConvertRequest;
import org.realera.convert.ConvertResult;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code realera model convert}: writes a model in another form. */
@Command(
    name = "convert",
    sortOptions = false,
    description = {
      "Writes a model in another form.",
      "",
      "single-file: one .safetensors file in the original layout, for ComfyUI, AUTOMATIC1111 and"
          + " training scripts.",
      "diffusers: a folder for from_pretrained.",
      "delta: the tensors that differ from a base, for load_state_dict(strict=False).",
      "lora: the difference as LoRA, for diffusers' load_lora_weights.",
      "kohya: the same under kohya's names, for web interfaces."
    },
    optionListHeading = "%nOptions:%n",
    footerHeading = "%nExamples:%n",
    footer = {
      "  realera model convert out/no-cat --to single-file --out no-cat.safetensors",
      "  realera model convert no-cat.safetensors --to diffusers --out no-cat",
      "  realera model convert out/no-cat --to kohya --rank 32 --out lora.safetensors"
    })
final class ModelConvertCommand extends BaseCommand {
  @Mixin private ConvertOptions options = new ConvertOptions();
  @Mixin private JsonOption.OfResult json = new JsonOption.OfResult();

  ModelConvertCommand(Console console, Services core, Interruption interruption) {
    super(console, core, interruption);
  }

  @Override
  ExitCode execute() {
    ConvertRequest request = options.request(core, console.env());
    long began = System.nanoTime();
    ConvertResult result;
    try (ConsoleProgress progress = progress()) {
      progress.begin("Convert", 1);
      result = Conversion.run(request, progress);
    }
    new ModelPrinter(console, json.json()).converted(request, result);
    console.note("converted in " + LineDisplay.seconds(System.nanoTime() - began));
    return ExitCode.DONE;
  }
}

package org.realera.golden;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.realera.checkpoint.Checkpoint;
import org.realera.checkpoint.SingleFiles;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;

/** A miniature of Stable Diffusion 2 as a single file that does not say what it predicts. */
public final class SilentFile {
  private SilentFile() {}

  /** Writes it; {@code scratch} is left beside it. */
  public static void write(Path target, Path scratch) throws JsonProcessingException {
    Checkpoint model = Checkpoint.open(Golden.path("tiny-sd2"));
    SingleFiles.write(model, Optional.empty(), Map.of(), scratch);
    try (SafetensorsFile file = SafetensorsFile.open(scratch)) {
      ObjectNode carried =
          (ObjectNode) new ObjectMapper().readTree(file.metadata().get("realera.files"));
      carried.remove("scheduler/scheduler_config.json");
      SafetensorsWriter.write(
          target,
          Map.of("realera.files", carried.toString()),
          file.inFileOrder().stream().map(info -> file.stored(info.name())).toList());
    }
  }
}

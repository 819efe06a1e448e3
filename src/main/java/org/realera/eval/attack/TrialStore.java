package org.realera.eval.attack;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.attack.Attempt;
import org.realera.attack.Candidate;
import org.realera.diffusion.Image;
import org.realera.diffusion.PngWriter;
import org.realera.eval.run.RunFiles;
import org.realera.files.AtomicFile;
import org.realera.files.Digests;
import org.realera.files.IoErrors;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorInfo;
import org.realera.safetensors.TensorSource;

/**
 * What came of the prompts of one pass, a folder of a run: for prompt i {@code 003.png}, {@code
 * 003.json} and, if words were not what was found, {@code 003.safetensors}. A trial is there once
 * its JSON is and its image is the one that it names.
 */
final class TrialStore {
  /** Rows of an embedding. */
  private static final int ROWS = 77;

  private final Path folder;

  /**
   * @param folder made when something is written
   */
  TrialStore(Path folder) {
    this.folder = folder;
  }

  /** The image of a prompt. */
  Path image(int index) {
    return file(index, ".png");
  }

  /** Another file of the folder. */
  Path resolve(String name) {
    return folder.resolve(name);
  }

  private Path file(int index, String ending) {
    return folder.resolve(String.format(Locale.ROOT, "%03d%s", index, ending));
  }

  /** Whether anything came of a prompt, whichever that was. */
  boolean hasTrials() {
    if (!Files.isDirectory(folder)) {
      return false;
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> String.valueOf(file.getFileName()).matches("\\d+\\.json"));
    } catch (IOException e) {
      throw IoErrors.reading(folder, e);
    }
  }

  /** What came of a prompt; empty if it is not there, or not whole, or of another prompt. */
  Optional<Trial> find(int index, PlannedPrompt planned) {
    return RunFiles.read(file(index, ".json"), Trial.class, TrialStore::whole)
        .filter(trial -> trial.isOf(planned))
        .filter(trial -> trial.sha256().equals(digest(image(index))))
        .filter(trial -> trial.embedding() == null || Files.exists(resolve(trial.embedding())));
  }

  private static Trial whole(Path file, @Nullable Trial trial) {
    if (trial == null
        || trial.prompt() == null
        || trial.seen() == null
        || trial.sha256() == null
        || (trial.embedding() != null && !trial.embedding().matches("\\d+\\.safetensors"))) {
      throw RealeraException.damaged(
          file + " does not say what came of a prompt", "Remove it and run again.");
    }
    return trial;
  }

  private static String digest(Path file) {
    try {
      return Digests.sha256(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return "";
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  /**
   * Keeps an image and what was said of it.
   *
   * @param texts what the PNG says of itself
   * @param attempt the attack that led to it; null if there was none
   * @param images that the attack had judged; null if there was none
   */
  Trial write(
      int index,
      PlannedPrompt planned,
      Image image,
      Map<String, String> texts,
      Judge.Verdict verdict,
      @Nullable Attempt attempt,
      @Nullable Integer images) {
    byte[] png = PngWriter.encode(image, texts);
    AtomicFile.writeWithFolders(image(index), png);
    String words = null;
    String alone = null;
    String embedding = null;
    if (attempt != null && attempt.candidate() instanceof Candidate.Words found) {
      words = found.prompt();
      alone = found.alone();
    } else if (attempt != null
        && verdict.shown()
        && attempt.candidate() instanceof Candidate.Embedding found) {
      embedding = writeEmbedding(index, planned, found.rows());
    }
    Trial trial =
        new Trial(
            planned.text(),
            planned.seed(),
            planned.kind(),
            verdict.shown(),
            verdict.seen(),
            verdict.score(),
            words,
            alone,
            embedding,
            attempt == null ? null : (Integer) attempt.steps(),
            attempt == null ? null : attempt.loss(),
            images,
            Digests.sha256(png));
    RunFiles.write(file(index, ".json"), RunFiles.toJson(trial));
    return trial;
  }

  private String writeEmbedding(int index, PlannedPrompt planned, float[] rows) {
    Path file = file(index, ".safetensors");
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("prompt", planned.text());
    metadata.put("seed", String.valueOf(planned.seed()));
    TensorInfo info =
        new TensorInfo(
            "prompt_embeds", DType.F32, List.of((long) ROWS, (long) (rows.length / ROWS)));
    SafetensorsWriter.write(
        file, metadata, List.of(new TensorSource.Floats(info, FloatBuffer.wrap(rows))));
    return String.valueOf(file.getFileName());
  }

  /** Takes over what another run found of the same prompt by the same model, if it is there. */
  Optional<Trial> take(TrialStore from, int index, PlannedPrompt planned) {
    Optional<Trial> trial = from.find(index, planned);
    if (trial.isPresent()) {
      try {
        AtomicFile.writeWithFolders(image(index), Files.readAllBytes(from.image(index)));
      } catch (IOException e) {
        throw IoErrors.reading(from.image(index), e);
      }
      RunFiles.write(file(index, ".json"), RunFiles.toJson(trial.get()));
    }
    return trial;
  }
}

package org.realera.erase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.realera.files.FileTree;
import org.realera.files.IoErrors;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.training.Saved;

/**
 * A run's state as a folder, OUT's state: each name is a file of tensors in it.
 *
 * @param folder must be there before something is saved
 */
public record StateFolder(Path folder) implements Saved {
  private static final String ENDING = ".safetensors";

  @Override
  public boolean has(String name) {
    return Files.exists(file(name));
  }

  @Override
  public Opened open(String name) {
    SafetensorsFile file = SafetensorsFile.open(file(name));
    return new Opened(file, file.metadata());
  }

  @Override
  public void put(String name, Map<String, String> metadata, List<TensorSource> tensors) {
    if (name.startsWith(IMAGES)) {
      try {
        Files.createDirectories(images());
      } catch (IOException e) {
        throw IoErrors.writing(images(), e);
      }
    }
    SafetensorsWriter.write(file(name), metadata, tensors);
  }

  /** Its folder stays, if that is the images': all of them are there. */
  @Override
  public void remove(String name) {
    try {
      Files.deleteIfExists(file(name));
    } catch (IOException e) {
      throw IoErrors.writing(file(name), e);
    }
  }

  @Override
  public String where() {
    return folder.toString();
  }

  /** Whether there is something in it to go on from: images of a training, or a saved step. */
  boolean isWorthKeeping() {
    return Files.exists(images()) || hasStep();
  }

  /** Whether there is a saved step, which is all that is saved but images. */
  boolean hasStep() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .anyMatch(name -> name.endsWith(ENDING) && !name.endsWith(LATENTS + ENDING));
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException | UncheckedIOException e) {
      return true; // what can't be looked into is not thrown away
    }
  }

  /** Drops the images, as far as that goes. */
  void dropImages() {
    FileTree.deleteQuietly(images());
  }

  private Path images() {
    return folder.resolve(IMAGES);
  }

  private Path file(String name) {
    return folder.resolve(name + ENDING);
  }
}

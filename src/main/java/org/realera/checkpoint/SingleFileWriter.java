package org.realera.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.checkpoint.architecture.ModelIndex;
import org.realera.checkpoint.builtin.BuiltInTokenizer;
import org.realera.files.IoErrors;
import org.realera.files.Json;
import org.realera.files.TextFile;
import org.realera.safetensors.DType;
import org.realera.safetensors.SafetensorsFile;
import org.realera.safetensors.SafetensorsWriter;
import org.realera.safetensors.TensorSource;
import org.realera.safetensors.Weights;

/**
 * Writes a model as one {@code .safetensors} file in the original layout. The model's small files
 * travel in the metadata, so that what a file of SD 1.x or 2.x need not say (a smaller network,
 * another tokenizer, an erasure's manifest) is not lost.
 */
public final class SingleFileWriter {
  private static final long MAX_SMALL = 4L << 20;

  /** What is not needed to open the written file, so that it may be left out. */
  private static final Pattern FOR_PEOPLE =
      Pattern.compile("realera\\.json|README\\.md|ATTRIBUTION\\.md|LICENSE.*|licenses/.*");

  /** Parts of a pipeline that the original layout has no place for. */
  private static final List<String> LEFT_OUT = OptionalParts.NAMES;

  private SingleFileWriter() {}

  /**
   * Writes a model, atomically, and says how far it is; if it is stopped, nothing is written.
   *
   * @param dtype of all floating tensors; if absent each keeps its own
   * @param metadata put before the model's small files
   * @return what was left out: components that have no place in such a file, tensors of a single
   *     file that are no part of its model, and texts for people of more than 4 MiB
   * @throws RealeraException damaged if a tensor of the model is missing or of another shape, or a
   *     configuration or tokenizer's file can't travel; resources (disk full) or failed, naming the
   *     file
   */
  public static List<String> write(
      Checkpoint source,
      Optional<DType> dtype,
      Map<String, String> metadata,
      Path target,
      Progress progress) {
    source.verify();
    SmallFiles small = smallFiles(source);
    List<Weights> opened = new ArrayList<>();
    try {
      List<TensorSource> tensors = new ArrayList<>();
      source
          .originalKeys()
          .forEach(
              (component, keys) -> {
                Weights weights = source.openComponent(component);
                opened.add(weights);
                tensors.addAll(OriginalTensors.of(weights, keys, dtype));
              });
      source
          .single()
          .ifPresent(
              file -> {
                SafetensorsFile whole = SafetensorsFile.open(file.file());
                opened.add(whole);
                tensors.addAll(OriginalTensors.unused(whole, tensors, dtype));
              });
      Map<String, String> all = new LinkedHashMap<>(metadata);
      all.put(SingleFile.FILES, small.json());
      progress.begin("Write", tensors.size());
      SafetensorsWriter.write(
          target,
          all,
          tensors,
          done -> {
            progress.check("nothing was written");
            progress.step(done);
          });
    } finally {
      opened.forEach(Weights::close);
    }
    return leftOut(source, small);
  }

  /** What {@link #write} would leave out of a model. */
  public static List<String> leftOut(Checkpoint source) {
    return leftOut(source, smallFiles(source));
  }

  private static List<String> leftOut(Checkpoint source, SmallFiles small) {
    return Stream.of(
            LEFT_OUT.stream().filter(source::hasPart),
            source.beside().stream(),
            small.leftOut().stream())
        .flatMap(names -> names)
        .toList();
  }

  /**
   * Checks that a model's small files can travel: they are texts, and not large. Asked before hours
   * of work whose result is to be written here.
   *
   * @throws RealeraException (damaged) naming the file, if one is not UTF-8, or larger than 4 MiB
   *     and needed to open what is written
   */
  public static void requireSmallFiles(Checkpoint source) {
    smallFiles(source);
  }

  /**
   * A model's small files.
   *
   * @param json as they travel: a JSON object, path to text
   * @param leftOut paths of those that are too large to travel
   */
  private record SmallFiles(String json, List<String> leftOut) {}

  private static SmallFiles smallFiles(Checkpoint source) {
    SortedMap<String, String> files = new TreeMap<>();
    SortedMap<String, Path> large = new TreeMap<>();
    for (Path file : FolderFiles.list(source.root())) {
      String name = source.root().relativize(file).toString().replace('\\', '/');
      if (SingleFile.MAY_TRAVEL.matcher(name).matches()) {
        if (size(file) > MAX_SMALL) {
          large.put(name, file);
        } else {
          files.put(name, text(file));
        }
      }
    }
    // Where tokens were added, the whole tokenizer travels: a part of it would mean another.
    if (source.textConfig().vocabSize() == BuiltInTokenizer.SIZE && BuiltInTokenizer.isIn(files)) {
      files.remove("tokenizer/vocab.json");
      files.remove("tokenizer/merges.txt");
      files.remove("tokenizer/tokenizer.json");
      large.remove("tokenizer/tokenizer.json");
    }
    large.forEach(SingleFileWriter::requireForPeople);
    if (LEFT_OUT.stream().anyMatch(source::hasPart)) {
      files.computeIfPresent(
          ModelIndex.FILE, (name, index) -> OptionalParts.unlisted(index, LEFT_OUT));
    }
    return new SmallFiles(text(files), List.copyOf(large.keySet()));
  }

  private static void requireForPeople(String name, Path file) {
    if (!FOR_PEOPLE.matcher(name).matches()) {
      throw RealeraException.damaged(
          "%s has %s bytes, expected at most %s in a single file"
              .formatted(file, size(file), MAX_SMALL),
          "Write a folder, --to diffusers.");
    }
  }

  private static String text(SortedMap<String, String> files) {
    try {
      return Json.WRITER.writeValueAsString(files);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are always JSON", e);
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  private static String text(Path file) {
    try {
      return TextFile.read(file, "Mend it, or take it out of the folder.");
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }
}

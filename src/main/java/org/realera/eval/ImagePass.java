package org.realera.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.realera.Progress;
import org.realera.RealeraException;
import org.realera.diffusion.Image;
import org.realera.diffusion.ImageRequest;
import org.realera.diffusion.ImageTexts;
import org.realera.diffusion.SpmSource;
import org.realera.eval.run.ImageStore;
import org.realera.eval.run.PlannedImage;
import org.realera.eval.run.RunFiles;
import org.realera.eval.run.RunInfo;
import org.realera.eval.run.Shard;
import org.realera.eval.suite.Suite.Sampler;
import org.realera.files.AtomicFile;
import org.realera.files.IoErrors;

/** Draws the images that a run folder lacks. */
final class ImagePass {
  private final EvalBackend backend;
  private final Progress progress;
  private final Set<String> noted = new HashSet<>();
  private int drawn;
  private int kept;

  ImagePass(EvalBackend backend, Progress progress) {
    this.backend = backend;
    this.progress = progress;
  }

  int drawn() {
    return drawn;
  }

  int kept() {
    return kept;
  }

  /**
   * Makes the folder this run's, or checks that it is already.
   *
   * @throws RealeraException (usage) if its images were made with other settings
   */
  void prepare(Path folder, RunInfo info) {
    Optional<RunInfo> before = RunFiles.readRun(folder);
    if (before.isPresent()) {
      RunInfo there = before.get();
      Optional<String> difference =
          info.imagesDiffer(there)
              .or(
                  () ->
                      there.shard().equals(info.shard())
                          ? Optional.empty()
                          : Optional.of(
                              "shard " + there.shard() + " there, " + info.shard() + " here"))
              .or(
                  () ->
                      there.samples() <= info.samples()
                          ? Optional.empty()
                          : Optional.of(
                              there.samples()
                                  + " samples there, "
                                  + info.samples()
                                  + " here (more can be added, not fewer)"));
      if (difference.isPresent()) {
        throw RunInfo.otherSettings(folder.toString(), difference.get());
      }
    } else if (Files.exists(folder.resolve("images"))) {
      throw RealeraException.usage(
          folder + " holds images, but no " + RunFiles.RUN + " that says what they are",
          "Use another --out, or remove that folder.");
    }
    // Scores that are there stay those of their scorer until others are.
    boolean scored = Files.exists(folder.resolve(RunFiles.IMAGES));
    RunInfo written =
        before.filter(there -> scored).map(there -> info.scoredWith(there.scoring())).orElse(info);
    RunFiles.write(folder.resolve(RunFiles.RUN), RunFiles.toJson(written));
  }

  /**
   * Draws every batch that is not whole; a batch is drawn all anew.
   *
   * @param spm adapters to draw with, or null for none
   */
  void draw(Path folder, RunInfo info, Path model, @Nullable Path spm) {
    List<List<PlannedImage>> batches = info.plan().batches(info.shard());
    int total = batches.stream().mapToInt(List::size).sum();
    ImageStore store = store(folder, info);
    progress.begin("images of " + info.label(), total);
    int done = 0;
    int before = drawn;
    EvalBackend.Painter painter = null;
    try {
      for (List<PlannedImage> batch : batches) {
        if (store.hasAll(batch)) {
          kept += batch.size();
        } else {
          progress.check(done + " of " + total + " images are kept in " + folder);
          if (painter == null) {
            painter = backend.painter(model, spm, this::noteOnce);
          }
          paint(painter, batch, store, info);
          drawn += batch.size();
        }
        done += batch.size();
        progress.step(done);
      }
    } finally {
      if (painter != null) {
        painter.close();
      }
    }
    int fresh = drawn - before;
    progress.end(
        fresh == total ? total + " drawn" : fresh + " drawn, " + (total - fresh) + " were there");
  }

  /** What holds for one model of a run often holds for the other. */
  private void noteOnce(String line) {
    if (noted.add(line)) {
      progress.note(line);
    }
  }

  private static void paint(
      EvalBackend.Painter painter, List<PlannedImage> batch, ImageStore store, RunInfo info) {
    Sampler sampler = info.sampler();
    List<ImageRequest> requests = new ArrayList<>();
    for (PlannedImage image : batch) {
      requests.add(
          new ImageRequest(
                  image.prompt(),
                  "",
                  image.seed(),
                  sampler.steps(),
                  image.guidance(sampler),
                  sampler.width(),
                  sampler.height())
              .with(info.safe()));
    }
    List<Image> images = painter.paint(requests);
    for (int i = 0; i < batch.size(); i++) {
      store.write(batch.get(i), images.get(i), texts(batch.get(i), info));
    }
  }

  private static Map<String, String> texts(PlannedImage image, RunInfo info) {
    SpmSource spm = info.spm();
    return ImageTexts.NONE
        .prompts(List.of(image.prompt()))
        .seeds(List.of(image.seed()))
        .model(info.modelFingerprint())
        .steps(info.sampler().steps())
        .guidance(List.of(image.guidance(info.sampler())))
        .safe(info.safe())
        .spm(spm == null ? null : spm.sha256())
        .signed();
  }

  /**
   * What an earlier run's images would be as the baseline of this one: the original is drawn
   * without SLD and adapters, whatever the model under test is drawn with.
   *
   * @throws RealeraException (usage) if they were made with other settings
   */
  static RunInfo sameSettings(RunInfo model, RunInfo earlier, Path folder) {
    RunInfo wanted = model.beside(earlier.model(), earlier.modelFingerprint());
    RunInfo comparable = wanted.of(earlier.concept(), earlier.sets());
    Optional<String> difference =
        comparable
            .imagesDiffer(earlier)
            .or(
                () ->
                    earlier.samples() >= model.samples()
                        ? Optional.empty()
                        : Optional.of(
                            earlier.samples() + " samples there, " + model.samples() + " here"))
            .or(() -> otherImages(wanted, earlier));
    if (difference.isPresent()) {
      throw RunInfo.otherSettings("the baseline " + folder, difference.get());
    }
    return wanted;
  }

  /** Files of one name may be of other prompts: names keep neither case nor guidance. */
  private static Optional<String> otherImages(RunInfo wanted, RunInfo earlier) {
    Map<String, PlannedImage> there = new HashMap<>();
    all(earlier).forEach(image -> there.put(image.file(), image));
    for (PlannedImage image : all(wanted)) {
      PlannedImage other = there.get(image.file());
      if (other != null && !drawn(other, earlier).equals(drawn(image, wanted))) {
        return Optional.of(drawn(other, earlier) + " there, " + drawn(image, wanted) + " here");
      }
    }
    return Optional.empty();
  }

  private static String drawn(PlannedImage image, RunInfo info) {
    return "\"%s\" with guidance %s".formatted(image.prompt(), image.guidance(info.sampler()));
  }

  private static List<PlannedImage> all(RunInfo info) {
    return info.plan().batches(Shard.WHOLE).stream().flatMap(List::stream).toList();
  }

  /** Takes the images of an earlier run instead of drawing them again. */
  void take(Path from, Path to, RunInfo info) {
    ImageStore source = store(from, info);
    ImageStore target = store(to, info);
    for (List<PlannedImage> batch : info.plan().batches(info.shard())) {
      for (PlannedImage image : batch) {
        if (target.has(image)) {
          continue;
        }
        if (!source.has(image)) {
          throw RealeraException.notFound(
              "the baseline " + from + " lacks " + image.file(),
              "Run it again without --concept, which draws all words of the suite.");
        }
        AtomicFile.writeWithFolders(target.path(image), read(source.path(image)));
      }
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw IoErrors.reading(file, e);
    }
  }

  static ImageStore store(Path folder, RunInfo info) {
    return new ImageStore(folder, info.sampler().width(), info.sampler().height());
  }
}

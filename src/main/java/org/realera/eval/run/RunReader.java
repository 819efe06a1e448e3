package org.realera.eval.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.realera.RealeraException;
import org.realera.files.IoErrors;

/** Reads run folders back and puts the shards of a run together. */
public final class RunReader {
  /** Missing shards that an error names. */
  private static final int SHOWN = 10;

  private RunReader() {}

  /** A run folder that was read, with its baseline if it has one. */
  private record Folder(Path path, ModelRun model, @Nullable ModelRun baseline) {
    RunInfo info() {
      return model.info();
    }

    boolean belongsTo(Folder other) {
      return info().label().equals(other.info().label())
          && info().runsDiffer(other.info()).isEmpty()
          && (baseline == null) == (other.baseline == null);
    }
  }

  /**
   * Reads folders; shards of one run become one run, and the folder of a campaign stands for its
   * runs.
   *
   * @return the runs, in the order in which their first folder was given
   * @throws RealeraException (usage) if shards overlap, miss or are of different runs; (damaged) if
   *     a run lacks images or has some twice
   */
  public static List<ModelPair> read(List<Path> paths) {
    List<List<Folder>> runs = new ArrayList<>();
    for (Path path : paths.stream().flatMap(path -> runsBelow(path).stream()).toList()) {
      Folder folder = folder(path);
      List<Folder> run =
          runs.stream()
              .filter(r -> !folder.info().shard().isWhole() && r.get(0).belongsTo(folder))
              .findFirst()
              .orElse(null);
      if (run == null) {
        run = new ArrayList<>();
        runs.add(run);
      }
      run.add(folder);
    }
    List<List<Folder>> incomplete = new ArrayList<>();
    for (List<Folder> run : runs) {
      if (!complete(run)) {
        incomplete.add(run);
      }
    }
    if (incomplete.stream().map(RunReader::indices).distinct().count() > 1) {
      throw notOfOneRun(incomplete);
    }
    if (!incomplete.isEmpty()) {
      throw missing(incomplete);
    }
    return runs.stream().map(RunReader::merge).toList();
  }

  /** The runs of a campaign by concept and label, or the path itself. */
  private static List<Path> runsBelow(Path path) {
    Path below = path.resolve(RunFiles.RUNS);
    if (Files.exists(path.resolve(RunFiles.RUN)) || !Files.isDirectory(below)) {
      return List.of(path);
    }
    try (Stream<Path> runs = Files.list(below)) {
      List<Path> found =
          runs.filter(run -> Files.exists(run.resolve(RunFiles.RUN)))
              .sorted(Comparator.comparing(RunReader::name).thenComparing(Path::compareTo))
              .toList();
      return found.isEmpty() ? List.of(path) : withoutCells(found);
    } catch (IOException e) {
      throw IoErrors.reading(below, e);
    }
  }

  /** Of an ablation its variants: the runs of its sweeps are cells of maps. */
  private static List<Path> withoutCells(List<Path> runs) {
    List<Path> others = runs.stream().filter(run -> !isCell(run)).toList();
    return others.isEmpty() ? runs : others;
  }

  private static boolean isCell(Path run) {
    return SweepCell.is(RunFiles.requireRun(run));
  }

  /** Whether a folder is that of an ablation with sweeps, whose page shows more than its runs. */
  public static boolean hasSweeps(Path folder) {
    Path below = folder.resolve(RunFiles.RUNS);
    if (!Files.isDirectory(below)) {
      return false;
    }
    try (Stream<Path> runs = Files.list(below)) {
      return runs.filter(run -> Files.exists(run.resolve(RunFiles.RUN)))
          .anyMatch(RunReader::isCell);
    } catch (IOException e) {
      throw IoErrors.reading(below, e);
    }
  }

  private static String name(Path run) {
    RunInfo info = RunFiles.requireRun(run);
    return info.concept() + " " + info.label();
  }

  private static Folder folder(Path path) {
    ModelRun model = modelRun(path);
    Path baseline = path.resolve(RunFiles.BASELINE);
    return new Folder(
        path,
        model,
        Files.exists(baseline.resolve(RunFiles.RUN)) ? baseline(baseline, model.info()) : null);
  }

  /** The original beside a run; it may have been made for an earlier state of that run. */
  private static ModelRun baseline(Path path, RunInfo model) {
    RunInfo info = RunFiles.requireRun(path);
    model
        .beside(info.model(), info.modelFingerprint())
        .runsDiffer(info)
        .ifPresent(
            difference -> {
              throw RealeraException.usage(
                  path + " was not made as the run that it stands beside: " + difference,
                  "Run the command that made it again, or remove that folder.");
            });
    return modelRun(path);
  }

  private static ModelRun modelRun(Path path) {
    RunInfo info = RunFiles.requireRun(path);
    Path csv = path.resolve(RunFiles.IMAGES);
    try {
      List<ScoredImage> images = ImagesCsv.read(csv, info);
      return new ModelRun(info, images, List.of(path), FidResult.of(path, images));
    } catch (NoSuchFileException e) {
      throw new RealeraException(
          RealeraException.Kind.NOT_FOUND,
          path + " has no " + RunFiles.IMAGES + ": its images are not scored yet",
          "Run realera eval with the same settings again; it goes on where it stopped.",
          e);
    } catch (IOException e) {
      throw IoErrors.reading(csv, e);
    }
  }

  private static boolean complete(List<Folder> run) {
    Map<Integer, Path> seen = new TreeMap<>();
    for (Folder folder : run) {
      Path twice = seen.put(folder.info().shard().index(), folder.path());
      if (twice != null) {
        throw RealeraException.usage(
            "shard " + folder.info().shard() + " is there twice: " + twice + ", " + folder.path(),
            "Give each shard once.");
      }
    }
    return seen.size() == run.get(0).info().shard().count();
  }

  private static Set<Integer> indices(List<Folder> run) {
    return run.stream().map(folder -> folder.info().shard().index()).collect(Collectors.toSet());
  }

  /** Shards that would be each other's, were they alike. */
  private static RealeraException notOfOneRun(List<List<Folder>> incomplete) {
    Folder first = incomplete.get(0).get(0);
    Folder other =
        incomplete.stream()
            .filter(run -> !indices(run).equals(indices(incomplete.get(0))))
            .findFirst()
            .orElseThrow()
            .get(0);
    String difference =
        other
            .info()
            .runsDiffer(first.info())
            .orElse("label " + first.info().label() + " there, " + other.info().label() + " here");
    return RealeraException.usage(
        first.path() + " and " + other.path() + " are not of one run: " + difference,
        "Make all shards with the same model, settings and version.");
  }

  /** The same shards of every run that lacks some: of a campaign, whole folders were not given. */
  private static RealeraException missing(List<List<Folder>> incomplete) {
    Folder first = incomplete.get(0).get(0);
    int count = first.info().shard().count();
    Set<Integer> there = indices(incomplete.get(0));
    List<String> absent =
        IntStream.rangeClosed(1, count)
            .filter(index -> !there.contains(index))
            .limit(SHOWN)
            .mapToObj(index -> index + "/" + count)
            .toList();
    int more = count - there.size() - absent.size();
    int others = incomplete.size() - 1;
    return RealeraException.usage(
        "shards are missing beside "
            + first.path()
            + (others == 0 ? "" : " and " + others + (others == 1 ? " other run" : " other runs"))
            + ": "
            + String.join(", ", absent)
            + (more > 0 ? " and " + more + " more" : ""),
        "Run them with --shard, and give all folders.");
  }

  private static ModelPair merge(List<Folder> run) {
    ModelRun baseline =
        run.get(0).baseline() == null ? null : whole(run.stream().map(Folder::baseline).toList());
    return new ModelPair(whole(run.stream().map(Folder::model).toList()), baseline);
  }

  /** The images of all shards in the order of the list, each exactly once. */
  private static ModelRun whole(List<@Nullable ModelRun> shards) {
    Map<String, ScoredImage> byFile = new HashMap<>();
    List<Path> roots = new ArrayList<>();
    RunInfo info = null;
    for (ModelRun shard : shards) {
      if (shard == null) {
        throw new IllegalArgumentException("a shard without baseline among some that have one");
      }
      if (info != null && info.runsDiffer(shard.info()).isPresent()) {
        throw RunInfo.otherSettings(
            shard.roots().get(0).toString(), info.runsDiffer(shard.info()).orElseThrow());
      }
      info = info == null ? shard.info() : info;
      roots.addAll(shard.roots());
      for (ScoredImage image : shard.images()) {
        if (byFile.put(image.file(), image) != null) {
          throw RealeraException.damaged(
              roots + ": " + image.file() + " stands twice in " + RunFiles.IMAGES,
              "Run realera eval with the same settings again.");
        }
      }
    }
    if (info == null) {
      throw new IllegalArgumentException("no shards");
    }
    List<ScoredImage> images = new ArrayList<>();
    for (PlannedImage planned : info.plan().all()) {
      ScoredImage image = byFile.remove(planned.file());
      if (image == null) {
        throw RealeraException.damaged(
            roots + ": " + RunFiles.IMAGES + " lacks " + planned.file(),
            "Run realera eval with the same settings again; it goes on where it stopped.");
      }
      images.add(image);
    }
    if (!byFile.isEmpty()) {
      throw RealeraException.damaged(
          roots + ": " + byFile.keySet().iterator().next() + " is not part of the run",
          "Run realera eval with the same settings again.");
    }
    FidResult fid = shards.size() == 1 && shards.get(0) != null ? shards.get(0).fid() : null;
    return new ModelRun(info.withShard(Shard.WHOLE), images, roots, fid);
  }
}

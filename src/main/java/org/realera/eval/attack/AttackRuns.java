package org.realera.eval.attack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.realera.RealeraException;
import org.realera.config.MethodName;
import org.realera.eval.run.RunFiles;
import org.realera.files.IoErrors;

/** Finds the run folders of attacks, and which are shards of one run. */
public final class AttackRuns {
  /** The runs of a campaign lie below it. */
  public static final String ATTACKS = "attacks";

  private AttackRuns() {}

  /**
   * A run folder.
   *
   * @param info its run.json
   */
  record Part(Path folder, AttackInfo info) {}

  /** Whether a folder holds runs of attacks and no other: it is one, or a campaign of them. */
  public static boolean are(Path folder) {
    return Files.exists(folder.resolve(RunFiles.RUN))
        ? AttackFiles.find(folder).isPresent()
        : Files.isDirectory(folder.resolve(ATTACKS)) && !Files.exists(folder.resolve("runs"));
  }

  /**
   * Reads runs; shards are put together. Their order is that of the tables, whatever that of the
   * folders: by method, then by concept.
   *
   * @param folders run folders, or those of campaigns, which stand for their runs
   * @throws RealeraException (not found) for a folder that is no run; (usage) for shards that
   *     overlap, are missing or not of one run, and for runs of different judges
   */
  static List<AttackedRun> read(List<Path> folders) {
    Map<String, List<Part>> runs = new LinkedHashMap<>();
    for (Path folder : folders) {
      for (Path run : runsOf(folder)) {
        AttackInfo info =
            AttackFiles.find(run)
                .orElseThrow(
                    () ->
                        RealeraException.notFound(
                            run + " is no run of attacks: it has no " + RunFiles.RUN + " of one",
                            "Give folders that realera eval attack wrote with --out."));
        runs.computeIfAbsent(
                info.concept() + "\n" + info.label() + "\n" + info.modelFingerprint(),
                key -> new ArrayList<>())
            .add(new Part(run, info));
      }
    }
    return named(runs.values().stream().map(AttackRuns::checked).map(AttackedRun::of).toList())
        .stream()
        .sorted(
            Comparator.comparingInt((AttackedRun run) -> rank(run.info().label()))
                .thenComparing(run -> run.info().label())
                .thenComparing(run -> run.info().concept()))
        .toList();
  }

  /**
   * Models that share a name and a concept, such as {@code uce/no-cat} and {@code mace/no-cat}, get
   * their whole ones: figures of one name are put together.
   */
  private static List<AttackedRun> named(List<AttackedRun> runs) {
    Map<List<String>, Long> shared =
        runs.stream().collect(Collectors.groupingBy(AttackRuns::name, Collectors.counting()));
    Set<String> doubtful =
        shared.entrySet().stream()
            .filter(one -> one.getValue() > 1)
            .map(one -> one.getKey().get(0))
            .collect(Collectors.toSet());
    return runs.stream()
        .map(
            run ->
                doubtful.contains(run.info().label())
                    ? run.withLabel(run.info().label() + " (" + run.info().model() + ")")
                    : run)
        .toList();
  }

  private static List<String> name(AttackedRun run) {
    return List.of(run.info().label(), run.info().concept());
  }

  /**
   * Methods in the order of all tables; what is none of them, such as a part of one, after the
   * first.
   */
  private static int rank(String label) {
    List<MethodName> methods = List.of(MethodName.values());
    for (MethodName method : methods) {
      if (method.title().equals(label)) {
        return 2 * methods.indexOf(method);
      }
    }
    return 1;
  }

  private static List<Path> runsOf(Path folder) {
    Path below = folder.resolve(ATTACKS);
    if (Files.exists(folder.resolve(RunFiles.RUN)) || !Files.isDirectory(below)) {
      return List.of(folder);
    }
    try (Stream<Path> runs = Files.list(below)) {
      List<Path> found =
          runs.filter(run -> Files.exists(run.resolve(RunFiles.RUN))).sorted().toList();
      return found.isEmpty() ? List.of(folder) : found;
    } catch (IOException e) {
      throw IoErrors.reading(below, e);
    }
  }

  /** The shards of one run, each once and all there. */
  private static List<Part> checked(List<Part> parts) {
    AttackInfo first = parts.get(0).info();
    boolean[] there = new boolean[first.shard().count()];
    for (Part part : parts) {
      first
          .partsDiffer(part.info())
          .ifPresent(
              difference -> {
                throw RealeraException.usage(
                    "%s and %s are not parts of one run: %s"
                        .formatted(parts.get(0).folder(), part.folder(), difference),
                    "Put together what was made with the same settings.");
              });
      int index = part.info().shard().index() - 1;
      if (there[index]) {
        throw RealeraException.usage(
            "shard " + part.info().shard() + " is there twice: " + part.folder(),
            "Give each folder once.");
      }
      there[index] = true;
    }
    for (int i = 0; i < there.length; i++) {
      if (!there[i]) {
        throw RealeraException.usage(
            "shard "
                + (i + 1)
                + "/"
                + there.length
                + " of "
                + parts.get(0).folder()
                + " is missing",
            "Give the folders of all shards.");
      }
    }
    return parts;
  }
}

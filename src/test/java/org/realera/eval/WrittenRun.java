package org.realera.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.realera.eval.run.FidResult;
import org.realera.eval.run.RunReader;
import org.realera.eval.run.Shard;

/** A run of three classes, for tests of damaged files. */
public final class WrittenRun extends RunsOfThreeClasses {
  private WrittenRun(Path folder) {
    this.folder = folder;
  }

  /** Writes one with a FID and returns its folder. */
  public static Path in(Path folder) throws IOException {
    Files.createDirectories(folder);
    WrittenRun runs = new WrittenRun(folder);
    runs.run("run", "m", "cat", 2, Shard.WHOLE);
    Path run = runs.at("run");
    var images = RunReader.read(List.of(run)).get(0).model().images();
    new FidResult(12.5, 3, FidResult.digest(images), "00", "reference", "01").write(run);
    return run;
  }
}

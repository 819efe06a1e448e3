package org.realera.erase;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.realera.checkpoint.ModelRef;
import org.realera.config.EraseRecipe;
import org.realera.convert.Target;
import org.realera.diffusion.DrawnWord;
import org.realera.diffusion.Verdict;
import org.realera.files.OutputPlace;
import org.realera.files.StateFolders;
import org.realera.tensor.ComputeChoice;

/**
 * What {@link Erasure} is asked to do.
 *
 * @param model a diffusers folder or single file; its name stands in the manifest
 * @param recipe what to erase and how; names at least one concept
 * @param out the folder to write; it does not exist unless {@code force} or {@code resume}
 * @param to in which form: a whole model, or what was changed
 * @param compute where and in which type
 * @param resume go on from the state that an interrupted run left beside {@code out}; an {@code
 *     out} that is complete and of the same settings is left as it is
 * @param force replace {@code out}, and drop an interrupted run's state
 * @param review looks at the report's images before the folder is complete; null for nobody
 */
public record EraseRequest(
    ModelRef model,
    EraseRecipe recipe,
    Path out,
    Target to,
    ComputeChoice compute,
    boolean resume,
    boolean force,
    @Nullable Review review) {

  /** Somebody who looks at the report's images. */
  @FunctionalInterface
  public interface Review {
    /**
     * What the images show, for the manifest; null if there is nothing to say. An exception fails
     * the erasure.
     */
    @Nullable Verdict of(List<DrawnWord> images);
  }

  /** One that writes a folder for diffusers, whose images nobody looks at. */
  public EraseRequest(
      ModelRef model,
      EraseRecipe recipe,
      Path out,
      ComputeChoice compute,
      boolean resume,
      boolean force) {
    this(model, recipe, out, Target.DIFFUSERS, compute, resume, force, null);
  }

  /** The same with somebody who looks at the images. */
  public EraseRequest reviewedBy(Review reviewer) {
    return new EraseRequest(model, recipe, out, to, compute, resume, force, reviewer);
  }

  /** What is written for whoever draws: {@code out}, or the one file in it. */
  public Path written() {
    return to == Target.DIFFUSERS ? out : file(out);
  }

  /** The file with weights in a folder, unless that is to be a whole model. */
  Path file(Path folder) {
    return folder.resolve(to.key() + ".safetensors");
  }

  /**
   * The folder beside {@code out}, or what that leads to, where an interrupted run's saved steps
   * stand.
   */
  public Path state() {
    return StateFolders.lasting(OutputPlace.of(out));
  }
}

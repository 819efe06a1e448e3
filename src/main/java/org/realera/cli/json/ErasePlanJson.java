package org.realera.cli.json;

import java.nio.file.Files;
import java.util.Map;
import org.realera.config.RecipeWriter;
import org.realera.erase.ErasePreview;
import org.realera.erase.EraseRequest;

/**
 * {@code realera erase --dry-run}.
 *
 * @param model as the user named it
 * @param folder where it is
 * @param network in words, and so is the device
 * @param to the form
 * @param outExists whether {@code out} is there already
 * @param recipe every key of it
 */
public record ErasePlanJson(
    String model,
    String folder,
    String network,
    String device,
    String out,
    String to,
    boolean outExists,
    Map<String, Object> recipe) {

  /** What would be done. */
  public static ErasePlanJson of(EraseRequest request, ErasePreview found) {
    return new ErasePlanJson(
        request.model().name(),
        request.model().path().toString(),
        found.network(),
        found.device(),
        request.out().toString(),
        request.to().key(),
        Files.exists(request.out()),
        RecipeWriter.toTree(request.recipe()));
  }
}

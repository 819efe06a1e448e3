package org.realera.cli.json;

import org.realera.hub.HubPull.Pulled;

/**
 * {@code realera model pull}.
 *
 * @param model {@code ORG/NAME}
 * @param files how many it has
 * @param bytes of all of them
 * @param fetched how many of these came over the network
 */
public record ModelPullJson(
    String model, String commit, String folder, int files, long bytes, long fetched) {

  /** What was fetched. */
  public static ModelPullJson of(Pulled pulled) {
    return new ModelPullJson(
        pulled.name(),
        pulled.commit(),
        pulled.folder().toString(),
        pulled.files(),
        pulled.bytes(),
        pulled.fetched());
  }
}

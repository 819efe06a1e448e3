package org.realera.hub;

import java.nio.file.Path;

/**
 * A model that is in the cache now.
 *
 * @param name {@code ORG/NAME}
 * @param commit what the revision stood for
 * @param folder the snapshot, which can be opened as a model
 * @param files how many it has
 * @param bytes of all of them
 * @param fetched how many of these bytes came over the network this time
 */
public record Pulled(
    String name, String commit, Path folder, int files, long bytes, long fetched) {}

package org.realera.convert;

import java.nio.file.Path;

/**
 * A model as the user named it, and where it was found.
 *
 * @param name a folder, a file, a hub name or {@code pocket}
 * @param path a diffusers folder or a single file
 */
public record ModelRef(String name, Path path) {}

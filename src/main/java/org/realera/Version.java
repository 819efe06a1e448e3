package org.realera;

import java.util.Optional;

/** The version of this program. */
public final class Version {
  private Version() {}

  /** That of the jar; {@code dev} when it does not run from its jar. */
  public static String current() {
    return Optional.ofNullable(Version.class.getPackage().getImplementationVersion()).orElse("dev");
  }
}

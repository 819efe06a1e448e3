/** Commands: the only place that prints, exits or knows picocli. */
@NullMarked
package org.realera.cli;

import org.jspecify.annotations.NullMarked;

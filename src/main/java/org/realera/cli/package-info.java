/**
 * Commands: the only place that prints, exits or knows picocli. Start reading at {@link
 * org.realera.cli.Main}, then at the command in question.
 */
@NullMarked
package org.realera.cli;

import org.jspecify.annotations.NullMarked;

/**
 * The objects that {@code --json} prints, a record for each schema: its components are the keys, in
 * this order, in snake case. One that is null has no key. Paths are texts: Jackson would make them
 * URIs.
 */
@NullMarked
package org.realera.cli.json;

import org.jspecify.annotations.NullMarked;

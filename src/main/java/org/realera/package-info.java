/** Concept erasure for Stable Diffusion: see {@link org.realera.cli} for where a command starts. */
@NullMarked
package org.realera;

import org.jspecify.annotations.NullMarked;

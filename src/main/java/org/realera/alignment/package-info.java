/**
 * LoRA adapters, the noise-alignment loss, the trainer and the merge (eqs. 8-9). Start reading at
 * {@link org.realera.alignment.NoiseAlignment}.
 */
@NullMarked
package org.realera.alignment;

import org.jspecify.annotations.NullMarked;

/**
 * U-Net, VAE, schedulers and image sampling. Start reading at {@link
 * org.realera.diffusion.Pipeline}.
 */
@NullMarked
package org.realera.diffusion;

import org.jspecify.annotations.NullMarked;

/** U-Net, VAE, schedulers and image sampling. */
@NullMarked
package org.realera.diffusion;

import org.jspecify.annotations.NullMarked;

/**
 * Image files, whoever made them, as Pillow's {@code Image.open(file).convert("RGB")} reads them.
 * Start reading at {@link org.realera.diffusion.images.ImageDecoder}.
 */
@NullMarked
package org.realera.diffusion.images;

import org.jspecify.annotations.NullMarked;

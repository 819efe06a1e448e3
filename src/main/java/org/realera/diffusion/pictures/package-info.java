/**
 * Picture files, whoever made them, as Pillow's {@code Image.open(file).convert("RGB")} reads them.
 * Start reading at {@link org.realera.diffusion.pictures.PictureDecoder}.
 */
@NullMarked
package org.realera.diffusion.pictures;

import org.jspecify.annotations.NullMarked;

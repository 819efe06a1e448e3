/**
 * Who is in an image: MTCNN finds faces, GIPHY's network names them. Start reading at {@link
 * org.realera.scorer.face.CelebrityDetector}.
 */
@NullMarked
package org.realera.scorer.face;

import org.jspecify.annotations.NullMarked;

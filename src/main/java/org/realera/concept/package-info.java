/** Neighbor-concept mining and beyond-concept sampling: pure geometry on embeddings. */
@NullMarked
package org.realera.concept;

import org.jspecify.annotations.NullMarked;

/**
 * Neighbor-concept mining and beyond-concept sampling: pure geometry on embeddings (eqs. 3-6,
 * Algorithm 1, lines 4-22). Start reading at {@link org.realera.concept.Neighbors}.
 */
@NullMarked
package org.realera.concept;

import org.jspecify.annotations.NullMarked;

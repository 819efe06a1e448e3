/**
 * Closed forms, pure linear algebra on the CPU: the one solve and the products that follow (eq. 7),
 * and what other methods and attacks solve. Start reading at {@link
 * org.realera.closedform.ClosedForm}; {@link org.realera.closedform.Algebra} is what the others
 * share, {@link org.realera.closedform.Fusion} makes several versions of a layer one, {@link
 * org.realera.closedform.ResidueProbe} and {@link org.realera.closedform.EditedProbe} find what
 * still reaches a concept.
 */
@NullMarked
package org.realera.closedform;

import org.jspecify.annotations.NullMarked;

/**
 * The one solve and the products that follow: pure linear algebra (eq. 7). Start reading at {@link
 * org.realera.closedform.ClosedForm}.
 */
@NullMarked
package org.realera.closedform;

import org.jspecify.annotations.NullMarked;

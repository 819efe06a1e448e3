/** The one solve and the products that follow: pure linear algebra. */
@NullMarked
package org.realera.closedform;

import org.jspecify.annotations.NullMarked;

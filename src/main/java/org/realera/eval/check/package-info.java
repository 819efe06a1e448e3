/**
 * What an erasure's own images show, before and after: the verdict that {@code realera erase} ends
 * in. A look at a few images, no measurement: that is {@link org.realera.eval}'s.
 */
@NullMarked
package org.realera.eval.check;

import org.jspecify.annotations.NullMarked;

/**
 * Ways to erase concepts, each a function from a model to a small set of edits. Start reading at
 * {@link org.realera.method.RealEra}, which is Algorithm 1.
 */
@NullMarked
package org.realera.method;

import org.jspecify.annotations.NullMarked;

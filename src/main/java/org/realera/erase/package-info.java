/**
 * The erasure itself: one method that reads like Algorithm 1; manifest, report, resume. Start
 * reading at {@link org.realera.erase.Erasure}.
 */
@NullMarked
package org.realera.erase;

import org.jspecify.annotations.NullMarked;

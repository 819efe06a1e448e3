/**
 * The run round a method: opens and checks the model, resumes, writes model, manifest and report.
 * Algorithm 1 itself is {@link org.realera.method.RealEra}. Start reading at {@link
 * org.realera.erase.Erasure}.
 */
@NullMarked
package org.realera.erase;

import org.jspecify.annotations.NullMarked;

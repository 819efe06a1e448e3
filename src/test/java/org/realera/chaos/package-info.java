/** Damaged inputs, failing disks and kills. Start reading at {@link org.realera.chaos.Fuzz}. */
@NullMarked
package org.realera.chaos;

import org.jspecify.annotations.NullMarked;

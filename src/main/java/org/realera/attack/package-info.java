/**
 * Ways to bring an erased concept back: from a prompt to words or an embedding that draw it again.
 * Start reading at {@link org.realera.attack.Attack}.
 */
@NullMarked
package org.realera.attack;

import org.jspecify.annotations.NullMarked;

/**
 * Ways to bring an erased concept back: from a prompt to words or an embedding that draw it again.
 */
@NullMarked
package org.realera.attack;

import org.jspecify.annotations.NullMarked;

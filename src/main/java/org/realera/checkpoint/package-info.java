/** Where models are found, what their config.json files say, and how they are written. */
@NullMarked
package org.realera.checkpoint;

import org.jspecify.annotations.NullMarked;

/** HTML pages from the templates in the jar. */
@NullMarked
package org.realera.page;

import org.jspecify.annotations.NullMarked;

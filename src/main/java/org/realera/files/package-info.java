/**
 * Files that appear whole or not at all: atomic writes, locks, staged folders, digests, JSON, texts
 * as they are to be read, and the words for what goes wrong. Start reading at {@link
 * org.realera.files.OutputTransaction}.
 */
@NullMarked
package org.realera.files;

import org.jspecify.annotations.NullMarked;

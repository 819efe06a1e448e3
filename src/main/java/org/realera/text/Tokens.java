package org.realera.text;

/**
 * A prompt as the text encoder reads it.
 *
 * @param text the prompt
 * @param ids start token, the words, end token, padding: [77]
 * @param length how many of these are not padding, start and end tokens included
 * @param truncated true if words were cut off to fit into 77
 */
@SuppressWarnings("ArrayRecordComponent") // goes to the encoder as it is; treat as read-only
public record Tokens(String text, long[] ids, int length, boolean truncated) {}

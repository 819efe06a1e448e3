package org.realera.checkpoint.tokenizer;

/**
 * A token that stands for itself wherever a text has it, before the text is cut into pieces: start,
 * end and padding, and what was trained on top, as textual inversion does.
 *
 * @param content as it stands in a text, to the letter
 * @param id its row in the text encoder
 * @param lstrip whether it takes the white space before it
 * @param rstrip whether it takes the white space after it
 * @param singleWord whether it counts only between blanks
 */
public record AddedToken(
    String content, int id, boolean lstrip, boolean rstrip, boolean singleWord) {}

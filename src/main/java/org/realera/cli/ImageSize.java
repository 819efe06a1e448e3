package org.realera.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.realera.config.Limits;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code --size WxH} in pixels; {@code 512} means 512x512.
 *
 * @param width in pixels
 * @param height in pixels
 */
record ImageSize(int width, int height) {
  private static final Pattern FORMAT = Pattern.compile("(\\d{1,5})(?:[xX](\\d{1,5}))?");

  /** Reads what follows {@code --size}. */
  static final class Converter implements ITypeConverter<ImageSize> {
    @Override
    public ImageSize convert(String text) {
      Matcher matcher = FORMAT.matcher(text.strip());
      if (!matcher.matches()) {
        throw new TypeConversionException("'" + text + "' is no size; write e.g. 512x512");
      }
      int width = Integer.parseInt(matcher.group(1));
      int height = matcher.group(2) == null ? width : Integer.parseInt(matcher.group(2));
      if (width == 0 || height == 0) {
        throw new TypeConversionException("'" + text + "' has no pixels; write e.g. 512x512");
      }
      if (Math.max(width, height) > Limits.PIXELS) {
        throw new TypeConversionException(
            "'" + text + "' is too large; take at most " + Limits.PIXELS + " each way");
      }
      return new ImageSize(width, height);
    }
  }
}

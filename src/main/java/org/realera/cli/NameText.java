package org.realera.cli;

import org.realera.files.ModelText;
import picocli.CommandLine.ITypeConverter;

/** A name on the command line, without what comes along unseen when it is pasted. */
final class NameText implements ITypeConverter<String> {
  @Override
  public String convert(String value) {
    return ModelText.tidy(value);
  }
}

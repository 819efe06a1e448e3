package org.realera.report;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;

/** HTML pages made of the templates in {@code src/main/jte}, which the build compiles. */
final class Pages {
  private static final TemplateEngine ENGINE = TemplateEngine.createPrecompiled(ContentType.Html);

  private Pages() {}

  /**
   * Fills a template.
   *
   * @param template e.g. {@code scope.jte}
   * @param content what the template takes
   */
  static String html(String template, Object content) {
    StringOutput out = new StringOutput();
    ENGINE.render(template, content, out);
    return out.toString();
  }
}

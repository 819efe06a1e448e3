package org.realera.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import org.realera.files.PlainText;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log, on stderr: warnings only, everything of ours and the engine's doings with {@code
 * --verbose}. In code, as parsing a logback.xml would double the time that {@code --help} takes.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_TOP_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final String PATTERN = "%d{HH:mm:ss.SSS} %-5level %logger{20} - %msg%n";

  /** What is logged may quote anything, as may a stack trace. */
  private static final class PlainLayout extends PatternLayout {
    @Override
    public String doLayout(ILoggingEvent event) {
      return PlainText.of(super.doLayout(event));
    }
  }

  /** Called by logback through its service file when the first logger is made. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    PatternLayout layout = new PlainLayout();
    layout.setContext(context);
    layout.setPattern(PATTERN);
    layout.start();
    LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
    encoder.setContext(context);
    encoder.setLayout(layout);
    encoder.start();
    ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
    appender.setContext(context);
    appender.setName("stderr");
    appender.setTarget("System.err");
    appender.setEncoder(encoder);
    appender.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    setLevels(context, Level.WARN, Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Turns the log up for {@code --verbose}. */
  static void verbose() {
    ILoggerFactory factory = LoggerFactory.getILoggerFactory();
    if (factory instanceof LoggerContext context) {
      setLevels(context, Level.DEBUG, Level.INFO);
    }
  }

  private static void setLevels(LoggerContext context, Level ours, Level others) {
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(others);
    context.getLogger("org.realera").setLevel(ours);
    // Warns on every machine without a GPU that there is none.
    context.getLogger("ai.djl.util.cuda").setLevel(Level.ERROR);
  }
}

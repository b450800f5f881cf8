package org.vitrina.testing;

import java.util.IllegalFormatException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What is logged in this process until it is closed. */
public final class LogLines extends Handler implements AutoCloseable {
    private final Logger root = Logger.getLogger("");
    private final List<LogRecord> records = new CopyOnWriteArrayList<>();

    public LogLines() {
        setLevel(Level.ALL);
        root.addHandler(this);
    }

    @Override
    public void publish(LogRecord line) {
        records.add(line);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        root.removeHandler(this);
    }

    /** The messages of all lines so far. */
    public List<String> all() {
        return records.stream().map(LogLines::text).toList();
    }

    /** The lines of one logger so far. */
    public List<LogRecord> of(String logger) {
        return records.stream()
                .filter(line -> logger.equals(line.getLoggerName()))
                .toList();
    }

    /** The lines at ERROR and above so far, with their loggers and exceptions. */
    public List<String> errors() {
        return records.stream()
                .filter(line -> line.getLevel().intValue() >= Level.SEVERE.intValue())
                .map(line -> line.getLoggerName() + ": " + text(line) + " " + line.getThrown())
                .toList();
    }

    /** Its message, with what was put in. */
    public static String text(LogRecord line) {
        if (line.getParameters() == null) {
            return line.getMessage();
        }
        try {
            return String.format(line.getMessage(), line.getParameters());
        } catch (IllegalFormatException ofAnotherStyle) {
            return line.getMessage();
        }
    }
}

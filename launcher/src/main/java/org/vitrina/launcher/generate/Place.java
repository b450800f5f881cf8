package org.vitrina.launcher.generate;

import org.vitrina.launcher.StartException;

/**
 * A part of a file that is generated; what is round it is written by hand.
 *
 * @param file its path in the project
 * @param begin what stands before the part
 * @param end what stands after it
 * @param wholeLines whether the part begins on the line after {@code begin} and ends on the line before {@code end}
 */
record Place(String file, String begin, String end, boolean wholeLines, String text) {
    /** The lines between two comments, of which the first names the command. */
    static Place lines(String file, String name, String text) {
        return new Place(file, name + ": written by " + GeneratedFiles.COMMAND, "end of " + name, true, text);
    }

    /** A piece of a line. */
    static Place within(String file, String begin, String end, String text) {
        return new Place(file, begin, end, false, text);
    }

    /** The file's content with this part as it has to be. */
    String putInto(String content) {
        int from = content.indexOf(begin) + begin.length();
        if (wholeLines) {
            from = content.indexOf('\n', from) + 1;
        }
        int to = content.indexOf(end, from);
        if (!content.contains(begin) || to < 0) {
            throw new StartException(file + ": what " + GeneratedFiles.COMMAND + " writes stands between '" + begin
                    + "' and '" + end + "', but one of them is not there; put it back.");
        }
        if (wholeLines) {
            to = content.lastIndexOf('\n', to) + 1;
        }
        return content.substring(0, from) + text + content.substring(to);
    }
}

package seedarr.db.cli;

import java.util.List;

/** Lines for people: aligned, and coloured where that was asked for. */
record Text(boolean hasColour) {

    String green(String text) {
        return coloured(32, text);
    }

    String yellow(String text) {
        return coloured(33, text);
    }

    String red(String text) {
        return coloured(31, text);
    }

    private String coloured(int colour, String text) {
        return hasColour ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
    }

    /** Returns a word as a shell reads it. */
    static String quoted(String word) {
        return word.matches("[\\w./:@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }

    /** Returns the text with spaces up to the width of the longest. */
    static String padded(String text, List<String> all) {
        int width = all.stream().mapToInt(String::length).max().orElse(0);
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}

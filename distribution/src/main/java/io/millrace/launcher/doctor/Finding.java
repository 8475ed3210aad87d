package io.millrace.launcher.doctor;

/**
 * What an examination found.
 *
 * @param what was looked at, in a word or two
 * @param says how it is
 * @param advice what to do; empty when nothing is to be done
 */
record Finding(Level level, String what, String says, String advice) {

    /** How bad it is. */
    enum Level {
        /** As it should be, or nothing can be said. */
        OK("ok"),
        /** A node works, but not as it could. */
        WARN("warn"),
        /** A node does not work. */
        FAIL("FAIL");

        private final String word;

        Level(String word) {
            this.word = word;
        }

        /** For a person, and for JSON. */
        String word() {
            return word;
        }
    }

    static Finding ok(String what, String says) {
        return new Finding(Level.OK, what, says, "");
    }

    static Finding warn(String what, String says, String advice) {
        return new Finding(Level.WARN, what, says, advice);
    }

    static Finding fail(String what, String says, String advice) {
        return new Finding(Level.FAIL, what, says, advice);
    }
}

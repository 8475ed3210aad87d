package io.millrace.api.value;

/** The name of a stream, as it appears in addresses and in file paths: one path segment. */
public record ManifestId(String value) {

    /** Longest name accepted, in characters. */
    public static final int MAX_LENGTH = 128;

    /** Refuses what could leave its path segment or its log line. */
    public ManifestId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a stream name has 1 to " + MAX_LENGTH + " characters");
        }
        if (value.equals(".") || value.equals("..") || value.codePoints().anyMatch(ManifestId::unfit)) {
            throw new IllegalArgumentException("a stream name has no '/', no '\\' and no control or invisible characters");
        }
    }

    private static boolean unfit(int c) {
        // C1 controls move the cursor of a terminal that shows the log, format characters turn its text around
        return c == '/' || c == '\\' || Character.isISOControl(c) || Character.getType(c) == Character.FORMAT
                || c == '\u2028' || c == '\u2029';
    }

    @Override
    public String toString() {
        return value;
    }
}

package io.millrace.ops.web;

/** Text inside of HTML. */
public final class Html {

    private Html() {}

    /** The text as it may stand between tags and in the quotes of an attribute. */
    public static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}

package io.millrace.ops.web;

/** The authority of tests: there is one right header. */
public record Right(String header) implements Authority {

    @Override
    public boolean permits(String given) {
        return header.equals(given);
    }

    @Override
    public String hint() {
        return "the token is in FILE";
    }
}

package io.millrace.api.value;

/** What was added and can be taken away again. Closing twice is harmless. */
@FunctionalInterface
public interface Registration extends AutoCloseable {
    @Override
    void close();
}

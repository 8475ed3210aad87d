package io.millrace.ops.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class FailureMessageTest {

    @Test
    void theFirstCauseSaysWhatIsWrong() {
        assertEquals(
                "the port is taken",
                FailureMessage.message("""
                        java.lang.reflect.InvocationTargetException
                        \tat org.example.A.b(A.java:1)
                        Caused by: java.net.BindException: the port is taken
                        \tat org.example.A.b(A.java:2)
                        """));
        assertEquals("x", FailureMessage.message(new IllegalStateException(new IllegalArgumentException("x"))));
        assertEquals("no preset", FailureMessage.message("Caused by: org.example.Outer$BadProfile: no preset"));
        assertEquals("java.lang.NullPointerException", FailureMessage.message(new NullPointerException()));
        assertEquals("it does not start", FailureMessage.message(""));
    }
}

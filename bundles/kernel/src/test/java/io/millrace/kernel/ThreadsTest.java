package io.millrace.kernel;

import static org.junit.jupiter.api.Assertions.assertSame;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThreadsTest {

    @Test
    void theMakersClassLoaderIsNotKept() throws Exception {
        Thread maker = Thread.currentThread();
        ClassLoader own = maker.getContextClassLoader();
        try (URLClassLoader replaced = new URLClassLoader(new URL[0])) {
            maker.setContextClassLoader(replaced);
            for (Thread.Builder builder : List.of(Threads.virtual(), Threads.platform())) {
                Thread made = builder.unstarted(() -> {});
                assertSame(ClassLoader.getSystemClassLoader(), made.getContextClassLoader(), made.toString());
            }
        } finally {
            maker.setContextClassLoader(own);
        }
    }
}

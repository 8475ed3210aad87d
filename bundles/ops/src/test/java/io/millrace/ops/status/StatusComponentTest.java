package io.millrace.ops.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.ops.FakeNode;
import io.millrace.ops.Poller;
import io.millrace.ops.web.Right;
import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusComponentTest {

    @TempDir
    private Path directory;

    @Test
    void aKernelThatIsReplacedIsNeverMissed() throws Exception {
        StatusComponent component = new StatusComponent(settings("", ""), new Poller());
        FakeNode old = new FakeNode();
        FakeNode fresh = new FakeNode();
        component.bindKernel(old);
        component.bindKernel(fresh);
        component.unbindKernel(old);
        assertSame(fresh, component.control().orElseThrow());
        component.stop();
    }

    @Test
    void listsComeInOneValueToo() throws Exception {
        StatusComponent component = new StatusComponent(settings("http, rtmp,", "a.example,b.example"), new Poller());
        assertEquals(
                "[the http port is not open, the rtmp port is not open, the kernel is not running]",
                component.status().obstacles().toString());
        assertTrue(component.hosts().accepts("b.example"));
        component.stop();
    }

    @Test
    void theFileGoesWhenTheComponentStops() throws Exception {
        StatusComponent component = new StatusComponent(settings("", ""), new Poller());
        component.stop();
        assertFalse(Files.exists(directory.resolve("status.json")));
    }

    @Test
    void fromAnotherMachineTheTokenOfTheRunLetsInAsThePasswordDoes() throws Exception {
        StatusComponent component = new StatusComponent(settings("", ""), new Poller());
        try {
            component.authority = new Right("Bearer right");
            assertTrue(component.hosts().admits("10.0.0.7", "Bearer right"));
            assertFalse(component.hosts().admits("10.0.0.7", "Bearer wrong"));
            assertTrue(component.hosts().admits("127.0.0.1", null));
        } finally {
            component.stop();
        }
    }

    private OpsSettings settings(String endpoints, String hostNames) {
        return new OpsSettings() {
            @Override
            public Class<? extends Annotation> annotationType() {
                return OpsSettings.class;
            }

            @Override
            public String role() {
                return "gateway";
            }

            @Override
            public String version() {
                return "0.1.0";
            }

            @Override
            public String directory() {
                return directory.toString();
            }

            @Override
            public String data() {
                return "";
            }

            @Override
            public String[] endpoints() {
                return new String[] {endpoints};
            }

            @Override
            public String[] hostNames() {
                return new String[] {hostNames};
            }

            @Override
            public int letEndSeconds() {
                return 300;
            }

            @Override
            public int drainSeconds() {
                return 15;
            }
        };
    }
}

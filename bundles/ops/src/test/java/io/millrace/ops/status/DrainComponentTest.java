package io.millrace.ops.status;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.node.NodeControl;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DrainComponentTest {

    @Test
    void aStopDrainsTheNodeWithinItsLimit() {
        ManualClock clock = new ManualClock();
        List<Deadline> drained = new ArrayList<>();
        NodeControl control = new NodeControl() {
            @Override
            public List<StreamStatus> streams() {
                return List.of();
            }

            @Override
            public List<SessionStatus> sessions() {
                return List.of();
            }

            @Override
            public List<String> obstacles() {
                return List.of();
            }

            @Override
            public boolean endStream(ManifestId manifest) {
                return false;
            }

            @Override
            public boolean drain(Deadline deadline) {
                return drained.add(deadline);
            }
        };
        new DrainComponent(control, Duration.ofSeconds(15), clock).run();
        assertEquals(List.of(Deadline.in(Duration.ofSeconds(15), clock)), drained);
    }
}

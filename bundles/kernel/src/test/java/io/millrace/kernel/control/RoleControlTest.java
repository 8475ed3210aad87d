package io.millrace.kernel.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.Role;
import io.millrace.kernel.lease.Leased;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoleControlTest {

    private static final Deadline DEADLINE = new Deadline(Instant.EPOCH);

    private final Leased<Role> roles = new Leased<>("role", InstantSource.system());
    private final RoleControl control = new RoleControl(roles);
    private final List<Role.Kind> drained = new ArrayList<>();
    private final List<Role.Kind> shut = new ArrayList<>();

    private void bind(Role.Kind kind, boolean finishes, String... obstacles) {
        roles.bind(
                new Role() {
                    @Override
                    public Kind kind() {
                        return kind;
                    }

                    @Override
                    public List<String> obstacles() {
                        return List.of(obstacles);
                    }

                    @Override
                    public List<SessionStatus> sessions() {
                        return kind == Kind.ORCHESTRATOR
                                ? List.of(new SessionStatus("0a1b2c3d", Instant.EPOCH, 1, 0))
                                : List.of();
                    }

                    @Override
                    public boolean endStream(ManifestId manifest) {
                        return kind == Kind.GATEWAY && manifest.value().equals("movie");
                    }

                    @Override
                    public int maxSessions() {
                        return kind == Kind.ORCHESTRATOR ? 7 : 0;
                    }

                    @Override
                    public void shut() {
                        shut.add(kind);
                    }

                    @Override
                    public boolean awaitIdle(Deadline deadline) {
                        assertEquals(roles.instances().size(), shut.size());
                        return finishes;
                    }

                    @Override
                    public boolean drain(Deadline deadline) {
                        drained.add(kind);
                        return finishes;
                    }
                },
                0);
    }

    @Test
    void aNodeWithoutARoleSaysWhatToDo() {
        assertEquals(1, control.obstacles().size());
        assertTrue(control.drain(DEADLINE));
        assertFalse(control.endStream(new ManifestId("movie")));
    }

    @Test
    void whatRolesSayIsPutTogether() {
        bind(Role.Kind.ORCHESTRATOR, true, "no pipeline");
        bind(Role.Kind.GATEWAY, true, "no orchestrator");
        assertEquals(List.of("no orchestrator", "no pipeline"), control.obstacles());
        assertEquals(1, control.sessions().size());
        assertEquals(7, control.maxSessions());
        assertEquals(List.of(), control.streams());
        assertTrue(control.endStream(new ManifestId("movie")));
        assertFalse(control.endStream(new ManifestId("other")));
    }

    @Test
    void theGatewayIsDrainedBeforeTheOrchestratorItMayNeed() {
        bind(Role.Kind.GATEWAY, false);
        bind(Role.Kind.ORCHESTRATOR, true);
        assertFalse(control.drain(DEADLINE));
        assertEquals(List.of(Role.Kind.GATEWAY, Role.Kind.ORCHESTRATOR), drained);
    }

    @Test
    void allRolesAreShutBeforeAnyIsWaitedFor() {
        bind(Role.Kind.GATEWAY, false);
        bind(Role.Kind.ORCHESTRATOR, true);
        assertFalse(control.letEnd(DEADLINE));
        assertEquals(List.of(Role.Kind.GATEWAY, Role.Kind.ORCHESTRATOR), shut);
        assertEquals(List.of(), drained);
    }
}

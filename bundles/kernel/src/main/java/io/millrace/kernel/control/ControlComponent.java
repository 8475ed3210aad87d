package io.millrace.kernel.control;

import io.millrace.api.node.NodeControl;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.kernel.Role;
import io.millrace.kernel.ServiceProvider;
import io.millrace.kernel.lease.Leased;
import java.time.InstantSource;
import java.util.List;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Offers the node's control, with whatever roles are configured at the moment. */
@Component(service = NodeControl.class)
public final class ControlComponent implements NodeControl {

    private final Leased<Role> roles = new Leased<>("role", InstantSource.system());
    private final NodeControl control = new RoleControl(roles);

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindRole(Role role, ServiceReference<Role> reference) {
        roles.bind(role, ServiceProvider.of(reference));
    }

    void unbindRole(Role role) {
        roles.unbind(role);
    }

    @Override
    public List<StreamStatus> streams() {
        return control.streams();
    }

    @Override
    public List<SessionStatus> sessions() {
        return control.sessions();
    }

    @Override
    public List<String> obstacles() {
        return control.obstacles();
    }

    @Override
    public List<String> cautions() {
        return control.cautions();
    }

    @Override
    public boolean endStream(ManifestId manifest) {
        return control.endStream(manifest);
    }

    @Override
    public int maxSessions() {
        return control.maxSessions();
    }

    @Override
    public boolean draining() {
        return control.draining();
    }

    @Override
    public boolean letEnd(Deadline deadline) {
        return control.letEnd(deadline);
    }

    @Override
    public boolean drain(Deadline deadline) {
        return control.drain(deadline);
    }
}

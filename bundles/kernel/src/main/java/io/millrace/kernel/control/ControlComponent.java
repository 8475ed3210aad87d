package io.millrace.kernel.control;

import io.millrace.api.node.NodeControl;
import io.millrace.kernel.Role;
import io.millrace.kernel.ServiceProvider;
import io.millrace.kernel.lease.Leased;
import java.time.InstantSource;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Offers the node's control, with whatever roles are configured at the moment. */
@Component(service = NodeControl.class)
public final class ControlComponent extends RoleControl {

    /** Without roles. */
    @Activate
    public ControlComponent() {
        super(new Leased<>("role", InstantSource.system()));
    }

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
}

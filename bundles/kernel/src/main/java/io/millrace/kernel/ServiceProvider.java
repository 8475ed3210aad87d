package io.millrace.kernel;

import io.millrace.kernel.lease.Provider;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;

/** Whose a service is, for the operator: the one thing that the framework is asked for. */
public final class ServiceProvider {

    private ServiceProvider() {}

    /** The name of the bundle that offers a service, and the service's ranking. */
    public static Provider of(ServiceReference<?> reference) {
        Bundle bundle = reference.getBundle();
        String name = bundle == null ? "a bundle that has left" : bundle.getSymbolicName() + " " + bundle.getVersion();
        return new Provider(
                name, reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0);
    }
}

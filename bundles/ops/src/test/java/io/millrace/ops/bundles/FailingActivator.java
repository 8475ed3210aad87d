package io.millrace.ops.bundles;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** Of a bundle that cannot be started. */
public final class FailingActivator implements BundleActivator {

    @Override
    public void start(BundleContext context) {
        throw new IllegalStateException("no camera here");
    }

    @Override
    public void stop(BundleContext context) {
        throw new UnsupportedOperationException("it never runs");
    }
}

package io.millrace.kernel.budget;

import io.millrace.api.resource.Budget;
import java.lang.management.ManagementFactory;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;

/** The budget of the memory outside of the heap. Immediate, because its charges must not be forgotten. */
@Component(
        service = Budget.class,
        immediate = true,
        configurationPid = "io.millrace.kernel.budget",
        property = Budget.RESOURCE + "=" + Budget.NATIVE)
public final class NativeBudgetComponent extends MemoryBudget {

    private final AtomicLong limit;

    /** A budget as the operator set it. */
    @Activate
    public NativeBudgetComponent(BudgetConfiguration settings) {
        AtomicLong bytes = new AtomicLong(bytes(settings));
        super(bytes::get);
        limit = bytes;
    }

    @Modified
    void change(BudgetConfiguration settings) {
        limit.set(bytes(settings));
    }

    private static long bytes(BudgetConfiguration settings) {
        if (settings.nativeMegabytes() < 0) {
            throw new IllegalArgumentException("nativeMegabytes is 0 or more, not " + settings.nativeMegabytes());
        }
        return settings.nativeMegabytes() == 0 ? half() : (long) settings.nativeMegabytes() << 20;
    }

    /** Half of what the machine, or the container, has beside the heap. */
    private static long half() {
        long machine = ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
                .getTotalMemorySize();
        return Math.max(256L << 20, (machine - Runtime.getRuntime().maxMemory()) / 2);
    }
}

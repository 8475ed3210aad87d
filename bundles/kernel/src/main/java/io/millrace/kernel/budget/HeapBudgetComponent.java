package io.millrace.kernel.budget;

import io.millrace.api.resource.Budget;
import java.util.concurrent.atomic.AtomicLong;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.Designate;

/** The budget of the heap. Immediate, because its charges must not be forgotten when nobody holds it. */
@Component(
        service = Budget.class,
        immediate = true,
        configurationPid = "io.millrace.kernel.budget",
        property = Budget.RESOURCE + "=" + Budget.HEAP)
@Designate(ocd = BudgetConfiguration.class)
public final class HeapBudgetComponent extends MemoryBudget {

    private final AtomicLong limit;

    /** A budget of a share of the heap. */
    @Activate
    public HeapBudgetComponent(BudgetConfiguration settings) {
        AtomicLong bytes = new AtomicLong(bytes(settings));
        super(bytes::get);
        limit = bytes;
    }

    @Modified
    void change(BudgetConfiguration settings) {
        limit.set(bytes(settings));
    }

    private static long bytes(BudgetConfiguration settings) {
        if (settings.heapPercent() < 10 || settings.heapPercent() > 80) {
            throw new IllegalArgumentException("heapPercent is 10 to 80, not " + settings.heapPercent());
        }
        return Runtime.getRuntime().maxMemory() / 100 * settings.heapPercent();
    }
}

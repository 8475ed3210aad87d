package io.millrace.kernel.budget;

import io.millrace.api.resource.Budget;
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
public final class HeapBudgetComponent implements Budget {

    private final Budget budget = new MemoryBudget(() -> Runtime.getRuntime().maxMemory() / 100 * this.percent);
    private volatile int percent;

    /** A budget of a share of the heap. */
    @Activate
    public HeapBudgetComponent(BudgetConfiguration settings) {
        change(settings);
    }

    @Modified
    void change(BudgetConfiguration settings) {
        if (settings.heapPercent() < 10 || settings.heapPercent() > 80) {
            throw new IllegalArgumentException("heapPercent is 10 to 80, not " + settings.heapPercent());
        }
        percent = settings.heapPercent();
    }

    @Override
    public long limit() {
        return budget.limit();
    }

    @Override
    public long used() {
        return budget.used();
    }

    @Override
    public Charge open(String purpose) {
        return budget.open(purpose);
    }
}

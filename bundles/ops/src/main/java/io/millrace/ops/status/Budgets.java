package io.millrace.ops.status;

import io.millrace.api.resource.Budget;
import java.util.List;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** The kernel's budgets of memory, as far as there is a kernel. */
@Component(service = Budgets.class)
public final class Budgets {

    @Reference(
            target = "(" + Budget.RESOURCE + "=" + Budget.HEAP + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Budget heap;

    @Reference(
            target = "(" + Budget.RESOURCE + "=" + Budget.NATIVE + ")",
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    volatile Budget outside;

    /** Of whatever kernel there is. */
    @Activate
    public Budgets() {}

    /** How they are now. */
    List<Memory> now() {
        return Stream.concat(of(Budget.HEAP, heap), of(Budget.NATIVE, outside)).toList();
    }

    private static Stream<Memory> of(String resource, Budget budget) {
        return budget == null ? Stream.empty() : Stream.of(new Memory(resource, budget.used(), budget.limit()));
    }
}

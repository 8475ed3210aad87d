package io.millrace.kernel.budget;

import io.millrace.api.resource.Budget;
import io.millrace.testkit.BudgetContract;

class MemoryBudgetTest extends BudgetContract {
    @Override
    protected Budget budget(long limit) {
        return new MemoryBudget(() -> limit);
    }
}

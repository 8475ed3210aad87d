package io.millrace.testkit;

import io.millrace.api.resource.Budget;

class InMemoryBudgetTest extends BudgetContract {
    @Override
    protected Budget budget(long limit) {
        return new InMemoryBudget(limit);
    }
}

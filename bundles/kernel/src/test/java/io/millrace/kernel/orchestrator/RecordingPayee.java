package io.millrace.kernel.orchestrator;

import io.millrace.api.job.JobSpec;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Address;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Price;
import io.millrace.kernel.payment.Payee;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** Takes any payment, or none, and remembers what it was asked. */
final class RecordingPayee implements Payee {

    /** What was debited. */
    record Debit(String balance, Address sender, long units) {}

    final List<String> received = new CopyOnWriteArrayList<>();
    final List<Debit> debits = new CopyOnWriteArrayList<>();
    final List<Caller> callers = new CopyOnWriteArrayList<>();
    volatile Optional<Refusal> refusal = Optional.empty();
    volatile RuntimeException failure;

    volatile Optional<String> obstacle = Optional.empty();

    @Override
    public Optional<String> obstacle() {
        return obstacle;
    }

    @Override
    public Asked terms(JobSpec spec, Caller caller) {
        callers.add(caller);
        return new Asked.Of(new Terms(
                Optional.of(Price.of(7, 1)), Map.of(), Optional.empty(), Optional.of(Price.of(7, 1)), List.of("it is a test")));
    }

    @Override
    public Optional<Refusal> receive(JobSpec spec, BalanceId balance, Payment payment) {
        received.add(balance.value());
        if (failure != null) {
            throw failure;
        }
        return refusal;
    }

    @Override
    public void debit(JobSpec spec, BalanceId balance, Payment payment, long units) {
        debits.add(new Debit(balance.value(), payment.sender(), units));
    }
}

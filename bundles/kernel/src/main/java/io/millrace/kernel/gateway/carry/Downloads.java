package io.millrace.kernel.gateway.carry;

import io.millrace.api.orchestrator.Output;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault.Consequence;
import io.millrace.api.value.Fault;
import io.millrace.kernel.Threads;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** Brings all results of a job here, in parallel. */
public final class Downloads {

    private Downloads() {}

    /**
     * The bytes of all outputs, in their order.
     *
     * @throws Fault when one cannot be had; the others are given up
     */
    public static List<Bytes> all(List<Output> outputs, Deadline deadline) {
        List<FutureTask<Bytes>> tasks = new ArrayList<>();
        for (Output output : outputs) {
            FutureTask<Bytes> task = new FutureTask<>(() -> output.fetch(deadline));
            tasks.add(task);
            Threads.virtual().name("fetch " + output.name()).start(task);
        }
        try {
            List<Bytes> fetched = new ArrayList<>();
            for (FutureTask<Bytes> task : tasks) {
                fetched.add(task.get());
            }
            return fetched;
        } catch (ExecutionException e) {
            throw new Fault(
                    Consequence.SUSPEND_PEER, "a result cannot be fetched: " + e.getCause().getMessage(), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Fault(Consequence.RETRY_ELSEWHERE, "interrupted while fetching results", e);
        } finally {
            tasks.forEach(task -> task.cancel(true));
        }
    }
}

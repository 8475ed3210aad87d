package io.millrace.kernel.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.job.LivePorts;
import io.millrace.api.job.MediaPart;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.testkit.InMemoryBudget;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PipeTest {

    private static final Deadline NEVER = new Deadline(Instant.MAX);
    private static final Deadline NOW = new Deadline(Instant.EPOCH);
    private static final Bytes MESSAGE = Bytes.utf8("a");
    private static final MediaPart PART = MediaPart.whole(0, MESSAGE);

    private final InMemoryBudget budget = InMemoryBudget.ample();
    private final Pipe<Bytes> pipe = new Pipe<>(Bytes::size, budget, InstantSource.system());

    @Test
    void whatWasSentBeforeTheEndIsStillRead() {
        pipe.sink().send(MESSAGE, NOW);
        pipe.sink().close();
        assertEquals(Optional.of(MESSAGE), pipe.source().next(NOW));
        assertEquals(Optional.empty(), pipe.source().next(NOW));
    }

    @Test
    void aFailureFollowsWhatWasSentBeforeIt() {
        pipe.sink().send(MESSAGE, NOW);
        pipe.fail(new Fault(Fault.Consequence.RETRY_ELSEWHERE, "broke off"));
        assertEquals(Optional.of(MESSAGE), pipe.source().next(NOW));
        assertEquals(
                "broke off",
                assertThrows(Fault.class, () -> pipe.source().next(NOW)).getMessage());
    }

    @Test
    void aFullPipeMakesItsSenderWaitForTheReader() throws Exception {
        for (int i = 0; i < Pipe.MAX_MESSAGES; i++) {
            pipe.sink().send(MESSAGE, NOW);
        }
        assertThrows(Fault.class, () -> pipe.sink().send(MESSAGE, NOW));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> sender = threads.submit(() -> pipe.sink().send(MESSAGE, NEVER));
            pipe.source().next(NOW);
            sender.get(30, TimeUnit.SECONDS);
        }
    }

    @Test
    void aFewLargeMessagesFillItToo() {
        Bytes large = Bytes.wrap(new byte[(int) Pipe.MAX_BYTES]);
        pipe.sink().send(large, NOW);
        assertThrows(Fault.class, () -> pipe.sink().send(MESSAGE, NOW));
    }

    @Test
    void nothingIsSentToAReaderWhoHasLeft() {
        pipe.source().close();
        assertThrows(Fault.class, () -> pipe.sink().send(MESSAGE, NEVER));
        assertEquals(Optional.empty(), pipe.source().next(NEVER));
    }

    @Test
    void closingOneSideOfALiveSessionEndsItForBoth() {
        LivePipes pipes = new LivePipes(budget, InstantSource.system());
        LivePorts caller = pipes.caller();
        LivePorts pipeline = pipes.pipeline();
        pipeline.media().send(PART, NOW);
        pipeline.close();
        assertEquals(Optional.of(PART), caller.result().next(NOW));
        assertEquals(Optional.empty(), caller.result().next(NOW));
        assertEquals(Optional.empty(), caller.notices().next(NOW));
        assertThrows(Fault.class, () -> caller.media().send(PART, NOW));
        assertThrows(Fault.class, () -> caller.signals().send(MESSAGE, NOW));
    }

    @Test
    void whatWaitsIsChargedUntilItIsReadOrForgotten() {
        pipe.sink().send(MESSAGE, NOW);
        pipe.sink().send(MESSAGE, NOW);
        assertEquals(2L * (1 + Budget.PIECE_OVERHEAD), budget.used());
        pipe.source().next(NOW);
        assertEquals(1 + Budget.PIECE_OVERHEAD, budget.used());
        budget.limit(0);
        Fault full = assertThrows(Fault.class, () -> pipe.sink().send(MESSAGE, NEVER));
        assertEquals(Fault.Consequence.BUSY, full.consequence());
        pipe.source().close();
        assertEquals(0, budget.used());
    }

    @Test
    void whoHeldTheCallersEndsBeforeGetsNothingMore() throws Exception {
        LivePipes pipes = new LivePipes(budget, InstantSource.system());
        LivePorts former = pipes.caller();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> reader = threads.submit(() -> assertThrows(Fault.class, () -> former.result().next(NEVER)));
            LivePorts now = pipes.caller();
            reader.get(30, TimeUnit.SECONDS);
            former.close();
            assertThrows(Fault.class, () -> former.media().send(PART, NOW));
            pipes.pipeline().media().send(PART, NOW);
            assertThrows(Fault.class, () -> former.result().next(NOW));
            assertEquals(Optional.of(PART), now.result().next(NOW));
            now.media().send(PART, NOW);
            assertEquals(Optional.of(PART), pipes.pipeline().result().next(NOW));
        }
    }
}

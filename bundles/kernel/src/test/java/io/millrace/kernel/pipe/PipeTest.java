package io.millrace.kernel.pipe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.millrace.api.job.LivePorts;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
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

    private final Pipe pipe = new Pipe(InstantSource.system());

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
        LivePipes pipes = new LivePipes(InstantSource.system());
        LivePorts caller = pipes.caller();
        LivePorts pipeline = pipes.pipeline();
        pipeline.media().send(MESSAGE, NOW);
        pipeline.close();
        assertEquals(Optional.of(MESSAGE), caller.result().next(NOW));
        assertEquals(Optional.empty(), caller.result().next(NOW));
        assertEquals(Optional.empty(), caller.notices().next(NOW));
        assertThrows(Fault.class, () -> caller.media().send(MESSAGE, NOW));
        assertThrows(Fault.class, () -> caller.signals().send(MESSAGE, NOW));
    }
}

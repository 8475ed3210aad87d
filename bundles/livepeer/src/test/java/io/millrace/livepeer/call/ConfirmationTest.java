package io.millrace.livepeer.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.value.Deadline;
import io.millrace.testkit.ManualClock;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfirmationTest {

    /** 6.7: max(2 s, half the length) of max(8 s, four times the length), both stretched alike. */
    @ParameterizedTest
    @CsvSource({
        "2000, 8000, 2000",
        "1000, 8000, 2000",
        "3000, 12000, 2000",
        "10000, 40000, 5000",
        "2000, 24000, 6000",
        "10000, 80000, 10000",
        "2000, 4000, 2000",
        "2000, 500, 500"
    })
    void theStatusIsDueInItsShareOfTheDeadline(long length, long allowed, long status) {
        ManualClock clock = new ManualClock();
        Deadline due = SegmentCalls.confirmation(
                Duration.ofMillis(length), Deadline.in(Duration.ofMillis(allowed), clock), clock);
        assertEquals(Duration.ofMillis(status), due.remaining(clock));
    }
}

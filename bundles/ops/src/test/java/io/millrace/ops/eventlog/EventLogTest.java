package io.millrace.ops.eventlog;

import static io.millrace.ops.Samples.FAR;
import static io.millrace.ops.Samples.NEAR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.value.ManifestId;
import io.millrace.api.value.SessionId;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Rational;
import io.millrace.api.value.Wei;
import io.millrace.ops.Samples;
import io.millrace.ops.eventlog.Warnings.Warning;
import io.millrace.testkit.ManualClock;
import io.millrace.testkit.SampleEvents.AttemptFailed;
import io.millrace.testkit.SampleEvents.JobRefused;
import io.millrace.testkit.SampleEvents.PaymentReceived;
import io.millrace.testkit.SampleEvents.PaymentStaged;
import io.millrace.testkit.SampleEvents.SessionEnded;
import io.millrace.testkit.SampleEvents.SessionStarted;
import io.millrace.testkit.SampleEvents.StreamEnded;
import io.millrace.testkit.SampleEvents.StreamStarted;
import io.millrace.testkit.SampleEvents.Suspended;
import io.millrace.testkit.SampleEvents.TicketRedeemed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EventLogTest {

    private static final ManifestId ABC = new ManifestId("abc");

    private final ManualClock clock = new ManualClock();
    private final List<String> said = new ArrayList<>();
    private final List<String> warned = new ArrayList<>();
    private final OperatorLog console = new OperatorLog(clock, said::add, warned::add);
    private final EventLog narrator = new EventLog(console, clock);

    @Test
    void aStreamThatGoesWellIsThreeLines() {
        narrator.happened(Samples.started("abc"));
        for (int i = 0; i < 30; i++) {
            narrator.happened(Samples.selected("abc", i, NEAR, "nearest"));
            narrator.happened(Samples.transcoded("abc", i, NEAR));
        }
        narrator.happened(new StreamEnded(ABC, 30, 0));
        assertEquals(
                List.of(
                        "stream abc: started (rtmp), renditions wanted: P720p30fps16x9, P360p30fps16x9",
                        "stream abc: 2 renditions from https://127.0.0.1:8935, 2.44 x real time",
                        "stream abc: ended after 30 segments, 30 transcoded (60.0 s of video, 2.44 x real time)"),
                said);
        assertEquals(List.of(), warned);
    }

    @Test
    void anotherOrchestratorIsTold() {
        narrator.happened(Samples.transcoded("abc", 1, NEAR));
        narrator.happened(Samples.transcoded("abc", 2, FAR));
        assertEquals(
                "stream abc: 2 renditions from https://10.0.0.2:8935 (until now https://127.0.0.1:8935), 2.44 x real time",
                said.getLast());
    }

    @Test
    void failedAttemptsAreToldOnceWithTheirCount() {
        for (int i = 0; i < 5; i++) {
            narrator.happened(new AttemptFailed(ABC, i, NEAR, "connection refused"));
        }
        clock.advance(WarningThrottle.WINDOW);
        narrator.happened(Samples.started("other"));
        assertEquals(
                List.of(
                        "stream abc: attempts at https://127.0.0.1:8935 fail (segment 0): connection refused",
                        "attempts at https://127.0.0.1:8935: 4 more since the last line about it"),
                warned);
    }

    @Test
    void missingRenditionsAreWarnedOfAndSummedUp() {
        narrator.happened(Samples.started("abc"));
        narrator.happened(Samples.transcoded("abc", 0, NEAR));
        narrator.happened(Samples.missing("abc", 1, "dropped", "5 segments wait already"));
        narrator.happened(Samples.missing("abc", 2, "no-session", "nobody answered"));
        narrator.happened(new StreamEnded(ABC, 3, 1));
        assertEquals(2, warned.size());
        assertTrue(warned.getFirst().contains("(segment 1): 5 segments wait already"), warned.getFirst());
        assertTrue(warned.getLast().contains("check that one runs"), warned.getLast());
        assertEquals(
                "stream abc: ended after 3 segments, 1 transcoded (2.0 s of video, 2.44 x real time),"
                        + " 2 without renditions (1 of them dropped)",
                said.getLast());
    }

    @Test
    void aReturningPublisherAndAStreamWithoutRenditionsAreTold() {
        narrator.happened(new StreamStarted(ABC, "http", List.of(), false));
        narrator.happened(new StreamStarted(ABC, "http", List.of(), true));
        assertEquals(
                List.of(
                        "stream abc: started (http), renditions wanted: none, only the source is published",
                        "stream abc: the publisher is back (http)"),
                said);
    }

    @Test
    void anOrchestratorTellsOfItsSessionsAndRefusals() {
        narrator.happened(new SessionStarted(new SessionId("s1"), ABC));
        narrator.happened(Samples.served("s1", 0, Optional.empty()));
        narrator.happened(Samples.served("s1", 1, Optional.of("Invalid data")));
        narrator.happened(new SessionEnded(new SessionId("s1"), 2, "idle"));
        narrator.happened(new JobRefused("CAPPED", "OrchestratorCapped"));
        assertEquals(List.of("session s1: started for stream abc", "session s1: ended after 2 segments (idle)"), said);
        assertEquals(
                List.of(
                        "session s1: jobs fail (segment 1): Invalid data",
                        "jobs refused, CAPPED: OrchestratorCapped; if this machine has room for more, raise maxSessions"),
                warned);
    }

    @Test
    void moneyIsSaidWhenItMovesAndWhyItDoesNot() {
        Address peer = new Address(Bytes.hex("3C44CdDdB6a900fa2b585dd299e03d12FA4293BC"));
        narrator.happened(new PaymentStaged(peer, 2, Rational.of(5, 1), Optional.empty()));
        narrator.happened(new PaymentReceived(peer, 2, Rational.of(5, 1), 0, Optional.empty()));
        assertEquals(List.of(), said);
        narrator.happened(new PaymentReceived(peer, 2, Rational.of(5, 1), 2, Optional.empty()));
        narrator.happened(new TicketRedeemed(peer, Wei.of(7), Optional.empty()));
        narrator.happened(new PaymentStaged(peer, 0, Rational.ZERO, Optional.of("no sender reserve")));
        narrator.happened(new TicketRedeemed(peer, Wei.ZERO, Optional.of("given up: ticket is expired")));
        assertEquals(
                List.of(
                        "2 winning tickets of " + peer + " received; redeemed once the terms have expired",
                        "7 wei were paid for a winning ticket of " + peer),
                said);
        assertEquals(
                List.of(
                        "payments to " + peer + " cannot be made: no sender reserve",
                        "winning tickets of " + peer + " are not redeemed: given up: ticket is expired"),
                warned);
    }

    @Test
    void strangersWhoFailAgainAndAgainAreOneLineOfEachKind() {
        for (int i = 0; i < 1000; i++) {
            narrator.happened(new JobRefused("CAPPED", "OrchestratorCapped"));
            narrator.happened(Samples.served("s" + i, 1, Optional.of("Invalid data")));
            narrator.happened(Samples.missing("stream" + i, 1, "untranscodable", "no picture"));
        }
        assertEquals(3, warned.size(), warned.toString());
    }

    @Test
    void whatAPeerSaysCannotForgeALine() {
        narrator.happened(new Suspended(NEAR, "x\n12:00:00 gateway ready on http://evil.example"));
        assertEquals(
                "orchestrator https://127.0.0.1:8935 gets no work for a while: x 12:00:00 gateway ready on"
                        + " http://evil.example",
                warned.getFirst());
    }

    @Test
    void theNewestWarningsAreKept() {
        for (int i = 0; i < OperatorLog.KEPT + 10; i++) {
            console.warn("warning " + i);
        }
        List<Warning> kept = console.recent();
        assertEquals(OperatorLog.KEPT, kept.size());
        assertEquals(new Warning(clock.instant(), "warning " + (OperatorLog.KEPT + 9)), kept.getFirst());
    }
}

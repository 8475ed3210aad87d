package io.millrace.ops.eventlog;

import io.millrace.api.node.NodeEvent;
import io.millrace.api.node.NodeEvent.AttemptFailed;
import io.millrace.api.node.NodeEvent.JobRefused;
import io.millrace.api.node.NodeEvent.JobServed;
import io.millrace.api.node.NodeEvent.Misbehaved;
import io.millrace.api.node.NodeEvent.PaymentReceived;
import io.millrace.api.node.NodeEvent.PaymentStaged;
import io.millrace.api.node.NodeEvent.PriceQuoted;
import io.millrace.api.node.NodeEvent.SegmentSettled;
import io.millrace.api.node.NodeEvent.Selected;
import io.millrace.api.node.NodeEvent.SessionEnded;
import io.millrace.api.node.NodeEvent.SessionStarted;
import io.millrace.api.node.NodeEvent.StreamEnded;
import io.millrace.api.node.NodeEvent.StreamStarted;
import io.millrace.api.node.NodeEvent.Suspended;
import io.millrace.api.node.NodeEvent.TicketRedeemed;
import io.millrace.api.node.NodeEvents;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a log line for each event: what a person needs goes to the console, everything goes to the file. */
@Component(service = {NodeEvents.class, Warnings.class})
public final class EventLog implements NodeEvents, Warnings {

    /** Streams whose story is remembered; of the eldest only the summary suffers. */
    static final int STREAMS = 1_000;

    private static final Logger log = LoggerFactory.getLogger(EventLog.class);

    private static final Logger shown = LoggerFactory.getLogger("millrace");

    private final OperatorLog lines;
    private final WarningThrottle throttle;
    private final LinkedHashMap<String, StreamSummary> summaries = new LinkedHashMap<>();

    @Activate
    public EventLog() {
        this(new OperatorLog(InstantSource.system(), shown::info, shown::warn), InstantSource.system());
    }

    EventLog(OperatorLog lines, InstantSource clock) {
        this.lines = lines;
        throttle = new WarningThrottle(clock, lines::warn);
    }

    @Override
    public List<Warning> recent() {
        return lines.recent();
    }

    @Override
    public void happened(NodeEvent event) {
        throttle.tick();
        switch (event) {
            case StreamStarted started -> started(started);
            case StreamEnded ended -> ended(ended);
            case Selected selected -> selected(selected);
            case AttemptFailed failed -> failed(failed);
            case Suspended suspended -> suspended(suspended);
            case SegmentSettled settled -> settled(settled);
            case SessionStarted started -> lines.say(
                    String.format("session %s: started for stream %s", plain(started.session()), plain(started.manifest())));
            case SessionEnded ended -> lines.say(String.format(
                    "session %s: ended after %s (%s)",
                    plain(ended.session()), LogText.count(ended.segments(), "segment"), plain(ended.reason())));
            case JobServed served -> served(served);
            case Misbehaved misbehaved -> misbehaved(misbehaved);
            case JobRefused refused -> refused(refused);
            case PaymentStaged payment -> payment.error().ifPresent(why -> notPaid(payment, why));
            case PaymentReceived payment -> received(payment);
            case PriceQuoted _ -> {
                // every gateway asks again and again; the metrics have the last price of each
            }
            case TicketRedeemed ticket -> redeemed(ticket);
        }
    }

    private void notPaid(PaymentStaged payment, String why) {
        String thing = "payments to " + plain(payment.recipient());
        throttle.warn(thing, thing + " cannot be made: " + plain(why));
    }

    private void received(PaymentReceived payment) {
        if (payment.winners() > 0) {
            lines.say(LogText.count(payment.winners(), "winning ticket") + " of " + plain(payment.sender())
                    + " received; redeemed once the terms have expired");
        }
    }

    private void redeemed(TicketRedeemed ticket) {
        String thing = "winning tickets of " + plain(ticket.sender());
        ticket.error().ifPresentOrElse(
                why -> throttle.warn(thing, thing + " are not redeemed: " + plain(why)),
                () -> lines.say(plain(ticket.paid()) + " were paid for a winning ticket of " + plain(ticket.sender())));
    }

    private void started(StreamStarted started) {
        String name = plain(started.manifest());
        summary(name, !started.resumed());
        lines.say(
                started.resumed()
                        ? String.format("stream %s: the publisher is back (%s)", name, plain(started.origin()))
                        : String.format(
                                "stream %s: started (%s), renditions wanted: %s",
                                name,
                                plain(started.origin()),
                                started.renditions().isEmpty()
                                        ? "none, only the source is published"
                                        : plain(String.join(", ", started.renditions()))));
    }

    private void ended(StreamEnded ended) {
        String name = plain(ended.manifest());
        StreamSummary summary;
        synchronized (summaries) {
            summary = summaries.remove(name);
        }
        lines.say((summary == null ? new StreamSummary(name) : summary).summary(ended.segments(), ended.dropped()));
    }

    private void selected(Selected selected) {
        if (log.isInfoEnabled()) {
            log.info(
                    "stream {} segment {}: to {}; {}",
                    plain(selected.manifest()),
                    selected.sequence(),
                    plain(selected.chosen()),
                    selected.candidates().stream()
                            .map(ranked -> plain(ranked.candidate().offer().endpoint()) + (ranked.eligible() ? " " : " not: ")
                                    + plain(ranked.reason()))
                            .toList());
        }
    }

    private void failed(AttemptFailed failed) {
        log.info(
                "stream {} segment {}: attempt at {} failed: {}",
                plain(failed.manifest()), failed.sequence(), plain(failed.orchestrator()), plain(failed.reason()));
        String kind = "attempts at " + plain(failed.orchestrator());
        throttle.warn(kind, String.format(
                "stream %s: %s fail (segment %d): %s",
                plain(failed.manifest()), kind, failed.sequence(), plain(failed.reason())));
    }

    private void suspended(Suspended suspended) {
        String thing = "orchestrator " + plain(suspended.orchestrator());
        throttle.warn(thing, thing + " gets no work for a while: " + plain(suspended.reason()));
    }

    private void settled(SegmentSettled settled) {
        String name = plain(settled.manifest());
        log.info(
                "stream {} segment {}: {} {}; {} of video, {} of work, {} in all, {}, {} bytes in, {} out of {}",
                name,
                settled.sequence(),
                plain(settled.outcome()),
                settled.orchestrator().map(EventLog::plain).orElseGet(() -> plain(settled.reason())),
                LogText.seconds(settled.duration()),
                LogText.seconds(settled.work()),
                LogText.seconds(settled.took()),
                LogText.count(settled.attempts(), "attempt"),
                settled.sourceBytes(),
                settled.bytes(),
                plain(settled.renditions()));
        StreamSummary summary = summary(name, false);
        Optional<String> line = Optional.empty();
        synchronized (summary) {
            if (settled.outcome().equals("transcoded")) {
                line = summary.transcoded(settled);
            } else {
                summary.missing();
            }
        }
        line.ifPresent(lines::say);
        if (!settled.outcome().equals("transcoded")) {
            String kind = Advice.about(plain(settled.outcome()));
            throttle.warn(kind, String.format(
                    "stream %s: %s (segment %d): %s", name, kind, settled.sequence(), plain(settled.reason())));
        }
    }

    private void served(JobServed served) {
        String session = plain(served.session());
        log.info(
                "session {} job {} by {}: {} of video, waited {}, took {}, {} units{}",
                session,
                served.sequence(),
                plain(served.pipeline()),
                LogText.seconds(served.duration()),
                LogText.seconds(served.waited()),
                LogText.seconds(served.took()),
                served.units(),
                served.error().map(error -> ", failed: " + plain(error)).orElse(""));
        served.error().ifPresent(error -> {
            throttle.warn("jobs fail", String.format(
                    "session %s: jobs fail (segment %d): %s", session, served.sequence(), plain(error)));
        });
    }

    private void misbehaved(Misbehaved it) {
        String thing = "bundle " + plain(it.bundle());
        String text = thing + " (" + plain(it.port()) + "): " + plain(it.what());
        throttle.warn(
                thing + it.setAside(),
                it.setAside()
                        ? text + "; it is not called any more until its calls have returned: update or stop it"
                        : text);
    }

    private void refused(JobRefused refused) {
        String thing = "jobs refused, " + plain(refused.reason());
        throttle.warn(thing, thing + ": " + plain(refused.message()) + Advice.afterRefusal(refused.reason()));
    }

    private StreamSummary summary(String name, boolean fresh) {
        synchronized (summaries) {
            if (fresh) {
                summaries.remove(name);
            }
            StreamSummary summary = summaries.computeIfAbsent(name, StreamSummary::new);
            if (summaries.size() > STREAMS) {
                summaries.pollFirstEntry();
            }
            return summary;
        }
    }

    private static String plain(Object foreign) {
        return LogText.text(foreign.toString());
    }
}

package io.millrace.media.rtmp;

import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.Stream;
import io.millrace.api.resource.Budget;
import io.millrace.media.codec.Aac;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.cut.CutRule;
import io.millrace.media.cut.CutSegment;
import io.millrace.media.cut.SegmentCutter;
import io.millrace.media.cut.UncuttableStream;
import io.millrace.media.flv.AudioConfig;
import io.millrace.media.flv.AudioTag;
import io.millrace.media.flv.VideoConfig;
import io.millrace.media.flv.VideoTag;
import io.millrace.media.web.CountedWarnings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One publisher's stream on its way into the gateway: audio and video messages in, segments out. The
 * stream stays open for the gateway's grace time when the publisher leaves, however it leaves. Used
 * by one thread.
 */
final class RtmpPublication implements SegmentCutter.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(RtmpPublication.class);

    private static final CountedWarnings WARNINGS = new CountedWarnings(LOG::warn, InstantSource.system());
    private static final int TICKS_PER_MILLI = 90;

    private final Stream stream;
    private final CutRule rule;
    private final Budget.Charge charge;
    private final InstantSource clock;
    private final Runnable whenClosed;
    private final SegmentCutter cutter;
    private final RtmpTimestamps timeLine = new RtmpTimestamps();
    private VideoConfig pictures;
    private AudioConfig sound;
    private long sequence;
    private Instant lastSegment;
    private boolean closed;

    /**
     * Goes on where {@code stream} stands.
     *
     * @param charge takes the segment that is being collected; closed with this
     * @param whenClosed run once, when the publisher has left
     */
    RtmpPublication(Stream stream, CutRule rule, Budget.Charge charge, InstantSource clock, Runnable whenClosed) {
        this.stream = stream;
        this.rule = rule;
        this.charge = charge;
        this.clock = clock;
        this.whenClosed = whenClosed;
        this.sequence = stream.nextSequence();
        this.lastSegment = clock.instant();
        this.cutter = new SegmentCutter(rule, sequence > 0, charge, this);
    }

    /** For the log. */
    String name() {
        return stream.spec().manifest().value();
    }

    /** When the publisher is given up unless a segment is finished before. */
    Instant due() {
        return lastSegment.plus(rule.patience());
    }

    /** What is wrong when that time has come. */
    String overdue() {
        return "no segment could be finished for " + rule.patience().toSeconds()
                + " s: nothing was received, or the keyframe interval of the encoder is too long; set it to "
                + rule.target().toSeconds() + " s";
    }

    /** Has {@code end} run, by another thread, when the gateway wants this publisher to come to its end. */
    void whenEnding(Runnable end) {
        stream.whenEnding(end);
    }

    void video(int timestamp, byte[] payload) throws RtmpViolation {
        long dts = time(timestamp);
        try {
            VideoTag tag = VideoTag.read(payload);
            if (tag.kind() == VideoTag.Kind.OTHER) {
                return;
            }
            if (tag.kind() == VideoTag.Kind.CONFIGURATION) {
                configure(tag, payload);
            } else if (pictures == null && !known(tag.codec())) {
                throw new RtmpViolation("its video codec (" + tag.codec() + ") is not taken; send H.264");
            } else if (pictures == null) {
                tell("configuration", "pictures came before their configuration and are left out");
            } else {
                byte[] picture = pictures.byteStream(payload, tag.from(), payload.length, tag.key());
                long pts = dts + (long) tag.shift() * TICKS_PER_MILLI;
                cutter.picture(tag.key(), dts, pts, picture, clock.instant());
            }
        } catch (UnreadableMedia e) {
            tell("video", "a video message is left out: " + e.getMessage());
        } catch (UncuttableStream e) {
            throw new RtmpViolation(e.getMessage());
        }
    }

    void audio(int timestamp, byte[] payload) throws RtmpViolation {
        long pts = time(timestamp);
        try {
            AudioTag tag = AudioTag.read(payload);
            if (tag.kind() == AudioTag.Kind.OTHER) {
                return;
            }
            if (tag.kind() == AudioTag.Kind.CONFIGURATION) {
                sound = new AudioConfig(Aac.parseConfig(payload, tag.from(), payload.length));
                cutter.sound(sound);
                return;
            }
            if (tag.codec().equals("mp3") && sound == null) {
                sound = AudioConfig.MP3;
                cutter.sound(sound);
            }
            boolean fits = sound != null && tag.codec().equals(sound.format().codec());
            if (!fits) {
                tell(
                        "sound",
                        "sound (" + tag.codec() + ") is left out: AAC with its configuration first, or MP3, is taken");
                return;
            }
            byte[] frame = sound.byteStream(payload, tag.from(), payload.length);
            cutter.sound(pts, frame, clock.instant());
        } catch (UnreadableMedia e) {
            tell("audio", "an audio message is left out: " + e.getMessage());
        } catch (UncuttableStream e) {
            throw new RtmpViolation(e.getMessage());
        }
    }

    /** The publisher has left: the segment that was collected is handed in, however short it is. */
    void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            cutter.finish();
        } finally {
            charge.close();
            try {
                stream.close();
            } finally {
                whenClosed.run();
            }
        }
    }

    private static boolean known(String codec) {
        return codec.equals("h264") || codec.equals("hevc");
    }

    private void configure(VideoTag tag, byte[] payload) throws UnreadableMedia, RtmpViolation {
        pictures =
                switch (tag.codec()) {
                    case "h264" -> VideoConfig.avc(payload, tag.from(), payload.length);
                    case "hevc" -> VideoConfig.hevc(payload, tag.from(), payload.length);
                    default ->
                            throw new RtmpViolation("its video codec (" + tag.codec() + ") is not taken; send H.264");
                };
        cutter.pictures(pictures);
    }

    private long time(int timestamp) {
        long millis = timeLine.at(timestamp);
        if (timeLine.jumped()) {
            LOG.info("Stream {}: the publisher's clock jumped; a new time line begins", name());
            cutter.breakOff();
        }
        return millis * TICKS_PER_MILLI;
    }

    /** A message did not come through, since there was no memory for it. */
    void lost() {
        cutter.drop();
        dropped();
    }

    /** The publisher stays: its stream goes on at its next keyframe, as soon as there is memory. */
    @Override
    public void dropped() {
        lastSegment = clock.instant();
        tell("memory", "there is no memory for its segments, which are dropped. Give the node more heap, or"
                + " take fewer streams.");
    }

    @Override
    public void segment(CutSegment cut) {
        Segment segment =
                new Segment(
                        sequence++, cut.duration(), cut.data(), Optional.empty(), cut.wallTime(), cut.discontinuity());
        lastSegment = clock.instant();
        stream.submit(segment, cut.info());
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "Stream {}: segment {} of {} ms, {} bytes handed in, {} ms after its first picture came",
                    name(),
                    segment.sequence(),
                    cut.duration().toMillis(),
                    cut.data().size(),
                    Duration.between(cut.wallTime(), lastSegment).toMillis());
        }
    }

    private void tell(String kind, String complaint) {
        WARNINGS.warn(kind, "Stream " + name() + ": " + complaint);
    }
}

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
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One publisher's stream on its way into the gateway: audio and video messages in, segments out. The
 * stream stays open for the gateway's grace time when the publisher leaves, however it leaves. Used
 * by one thread, but for {@link #end} and {@link #lastHeard}.
 */
final class RtmpPublication implements SegmentCutter.Sink {

    private static final Logger LOG = LoggerFactory.getLogger(RtmpPublication.class);

    private static final CountedWarnings WARNINGS = new CountedWarnings(LOG::warn, InstantSource.system());
    private static final int TICKS_PER_MILLI = 90;

    /** Pictures are shown at most so long before or after their timestamp, in milliseconds; more has overflowed. */
    private static final int MOST_SHIFT = 10_000;

    /** Video messages of codecs that are not taken, before the first of one that is. */
    private static final int MAX_STRANGERS = 64;

    /** Codecs of Enhanced RTMP that are not taken; another name is no codec. */
    private static final Set<String> ENHANCED = Set.of("av01", "vp08", "vp09", "vvc1");

    private final Stream stream;
    private final CutRule rule;
    private final Budget.Charge charge;
    private final InstantSource clock;
    private final Runnable whenClosed;
    private final SegmentCutter cutter;
    private final Track pictureTrack = new Track();
    private final Track soundTrack = new Track();
    private VideoConfig pictures;
    private AudioConfig sound;
    private byte[] configuration = {};
    private int strangers;
    private long sequence;
    private Instant lastSegment;
    private volatile Instant lastHeard;
    private volatile Runnable end = () -> {};
    private boolean closed;

    /** A picture or frame of sound that has no time yet. */
    private record Unit(boolean picture, boolean key, int timestamp, int shift, byte[] bytes, Instant received) {}

    /** Sound or pictures: their times, and the unit that waits for the next one, or null. */
    private static final class Track {
        private final TimeLine times = new TimeLine();
        private Unit waiting;
    }

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
        this.lastHeard = lastSegment;
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
    void whenEnding(Runnable ending) {
        end = ending;
        stream.whenEnding(ending);
    }

    /** Ends the connection of this publisher, from another thread. */
    void end() {
        end.run();
    }

    /** When it last sent sound or pictures. */
    Instant lastHeard() {
        return lastHeard;
    }

    void video(int timestamp, byte[] payload) throws RtmpViolation {
        lastHeard = clock.instant();
        try {
            VideoTag tag = VideoTag.read(payload);
            if (!tag.left().isEmpty()) {
                tell("tracks", "pictures are left out: " + tag.left());
            }
            switch (tag.kind()) {
                case OTHER -> {}
                case CONFIGURATION -> configure(tag, payload);
                case PICTURE -> picture(timestamp, tag, payload);
            }
        } catch (UnreadableMedia e) {
            tell("video", "a video message is left out: " + e.getMessage());
        } catch (UncuttableStream e) {
            throw new RtmpViolation(e.getMessage());
        }
    }

    private void configure(VideoTag tag, byte[] payload) throws UnreadableMedia, RtmpViolation {
        if (!known(tag.codec())) {
            stranger(tag.codec());
            return;
        }
        byte[] record = Arrays.copyOfRange(payload, tag.from(), tag.to());
        if (Arrays.equals(record, configuration)) {
            return; // repeated, by some encoders with each keyframe; parameter sets in the pictures have gone on
        }
        use(VideoConfig.of(tag.codec(), record));
        configuration = record;
    }

    private void picture(int timestamp, VideoTag tag, byte[] payload)
            throws UnreadableMedia, UncuttableStream, RtmpViolation {
        if (!known(tag.codec())) {
            stranger(tag.codec());
            return;
        }
        VideoConfig before = pictures != null ? pictures : VideoConfig.without(tag.codec());
        VideoConfig own = before.withSetsOf(payload, tag.from(), tag.to());
        if (own == null) {
            tell("configuration", "pictures came before their configuration and are left out");
            return;
        }
        use(own);
        if (own.isPicture(payload, tag.from(), tag.to())) {
            boolean key = tag.key() || own.isRandomAccess(payload, tag.from(), tag.to());
            byte[] bytes = own.byteStream(payload, tag.from(), tag.to(), key);
            place(new Unit(true, key, timestamp, tag.shift(), bytes, clock.instant()));
        }
    }

    private void use(VideoConfig config) {
        if (config.equals(pictures)) {
            return;
        }
        if (config.format().codec().equals("hevc")) {
            tell("hevc", "its pictures are H.265. The source is MPEG-TS, in which Safari and most browsers do not"
                    + " play H.265, and many orchestrators do not transcode it. For all players, send H.264.");
        }
        pictures = config;
        letGo(pictureTrack);
        cutter.pictures(config);
    }

    /** Devices begin with messages that are no pictures, whose codec is whatever their first byte says. */
    private void stranger(String codec) throws RtmpViolation {
        if (pictures == null && (++strangers == MAX_STRANGERS || ENHANCED.contains(codec))) {
            throw new RtmpViolation("its video codec (" + codec + ") is not taken; send H.264");
        }
        tell("stranger", "a video message of another codec (" + codec + ") is left out");
    }

    void audio(int timestamp, byte[] payload) throws RtmpViolation {
        lastHeard = clock.instant();
        try {
            AudioTag tag = AudioTag.read(payload);
            if (!tag.left().isEmpty()) {
                tell("tracks", "sound is left out: " + tag.left());
            }
            switch (tag.kind()) {
                case OTHER -> {}
                case CONFIGURATION -> configure(tag, payload);
                case FRAME -> frame(timestamp, tag, payload);
            }
        } catch (UnreadableMedia e) {
            tell("audio", "an audio message is left out: " + e.getMessage());
        } catch (UncuttableStream e) {
            throw new RtmpViolation(e.getMessage());
        }
    }

    private void configure(AudioTag tag, byte[] payload) throws UnreadableMedia {
        if (tag.from() == tag.to()) {
            return; // FFmpeg sends an empty one before the real one
        }
        try {
            use(new AudioConfig(Aac.parseConfig(payload, tag.from(), tag.to())));
        } catch (UnreadableMedia e) {
            sound = null; // what follows is made in a way that cannot be told to anybody
            throw e;
        }
    }

    private void frame(int timestamp, AudioTag tag, byte[] payload) throws UnreadableMedia, UncuttableStream {
        if (tag.from() == tag.to()) {
            return; // an encoder that had nothing to code; decoders and players stumble over a frame of nothing
        }
        if (sound == null && tag.codec().equals("mp3")) {
            use(AudioConfig.MP3);
        } else if (sound == null && tag.codec().equals("aac") && Aac.isAdts(payload, tag.from(), tag.to())) {
            use(new AudioConfig(Aac.parseAdts(payload, tag.from(), tag.to())));
        }
        if (sound == null || !tag.codec().equals(sound.format().codec())) {
            tell(
                    "sound",
                    "sound (" + tag.codec() + ") is left out: AAC with its configuration first, or MP3, is taken");
            return;
        }
        byte[] bytes = sound.byteStream(payload, tag.from(), tag.to());
        place(new Unit(false, true, timestamp, 0, bytes, clock.instant()));
    }

    private void use(AudioConfig config) {
        if (!config.equals(sound)) {
            sound = config;
            letGo(soundTrack);
            cutter.sound(config);
        }
    }

    /**
     * Gives a unit its time and hands it to the cutter. One that is far from the one before waits for the next: when
     * that goes on from it, the clock was set; when that goes back, it strayed, and it alone is lost.
     */
    private void place(Unit unit) throws UncuttableStream {
        Track track = unit.picture() ? pictureTrack : soundTrack;
        switch (track.times.step(unit.timestamp())) {
            case ON -> put(track, unit);
            case FAR -> {
                letGo(track);
                if (charge.add(unit.bytes().length)) {
                    track.waiting = unit;
                }
            }
            case BACK -> {
                letGo(track);
                tell("stray", "a picture or frame of sound whose time is far from those around it is left out");
                put(track, unit);
            }
            case MOVED -> {
                Unit far = track.waiting;
                letGo(track);
                Unit next = far == null ? unit : far;
                if (!track.times.pausedUntil(next.timestamp())) {
                    clockWasSet(track, next);
                }
                if (far != null) {
                    put(track, far);
                }
                put(track, unit);
            }
        }
    }

    /** The time line goes on all the same; it breaks only where decoding begins anew too. */
    private void clockWasSet(Track track, Unit first) {
        long expected = track.times.expected(first.timestamp());
        if (track.times.begin(first.timestamp(), other(track).times) != expected) {
            tell("clock", "the publisher's clock jumped; its times go on from where they were");
        }
        if (first.picture() ? first.key() : pictures == null) {
            cutter.breakOff();
        }
    }

    private void put(Track track, Unit unit) throws UncuttableStream {
        long time = track.times.at(unit.timestamp(), other(track).times) * TICKS_PER_MILLI;
        if (unit.picture()) {
            boolean possible = Math.abs(unit.shift()) <= MOST_SHIFT;
            long shift = possible ? (long) unit.shift() * TICKS_PER_MILLI : 0;
            cutter.picture(unit.key(), time, time + shift, unit.bytes(), unit.received());
        } else {
            cutter.sound(time, unit.bytes(), unit.received());
        }
    }

    private void letGo(Track track) {
        if (track.waiting != null) {
            charge.remove(track.waiting.bytes().length);
            track.waiting = null;
        }
    }

    private Track other(Track track) {
        return track == soundTrack ? pictureTrack : soundTrack;
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

package io.millrace.media.cut;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.resource.Budget;
import io.millrace.api.value.Bytes;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.CodecNames;
import io.millrace.media.codec.FrameRate;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.flv.AudioConfig;
import io.millrace.media.flv.VideoConfig;
import io.millrace.media.ts.AccessUnit;
import io.millrace.media.ts.TsMuxer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Cuts a stream by a {@link CutRule}. A segment is handed out the moment the keyframe that ends it
 * arrives. Sound without pictures is cut by its length alone. Times are in ticks of 90 kHz and do not
 * wrap. What is collected is charged before it is kept; without room for it the segment is dropped, and the
 * stream goes on at its next keyframe. Not thread-safe.
 */
public final class SegmentCutter {

    private static final double TICKS_PER_SECOND = 90_000;

    /** Publishers round times to milliseconds: a segment this much short of the target is long enough. */
    private static final long ROUNDING = 20 * 90;

    /** Sound kept while a keyframe is awaited, in frames: what overtook it. Some ten seconds. */
    private static final int EARLY_SOUND = 512;

    /** Decoding is told to happen at most this much before the publisher says, in ticks. */
    private static final long MOST_LOWERED = 90_000;

    /** Pictures and frames of sound in a segment at most; five minutes of both are about 50 000. */
    private static final int MAX_UNITS = 100_000;

    /** Takes what comes out, on the thread that puts in. */
    public interface Sink {

        /** A segment; its bytes are charged until this returns. */
        void segment(CutSegment segment);

        /** The segment that was being collected is lost, because there was no memory for it. */
        void dropped();
    }

    private final long target;
    private final CutRule rule;
    private final Budget.Charge charge;
    private final Sink sink;
    private final TsMuxer muxer = new TsMuxer();
    private final Deque<AccessUnit> earlySound = new ArrayDeque<>();
    private VideoConfig pictures;
    private AudioConfig sound;
    private FrameTimes pictureGrid = new FrameTimes(0);
    private FrameTimes soundGrid = new FrameTimes(0);
    private OpenSegment open;
    private boolean broken;
    private boolean handedOut;
    private long waitingSince = Long.MIN_VALUE;
    private long lastPicture = Long.MIN_VALUE;
    private long lastStamp = Long.MIN_VALUE;
    private long lastSound = Long.MIN_VALUE;
    private long lowered;
    private long lastDecoded = Long.MIN_VALUE;

    /**
     * Hands segments to {@code sink}.
     *
     * @param charge takes what is collected; its owner closes it
     */
    public SegmentCutter(CutRule rule, boolean discontinuity, Budget.Charge charge, Sink sink) {
        this.rule = rule;
        this.charge = charge;
        this.target = ticks(rule.target());
        this.broken = discontinuity;
        this.sink = sink;
    }

    /** How the pictures that follow are made; another way than before begins a new segment. */
    public void pictures(VideoConfig config) {
        if (config.equals(pictures)) {
            return;
        }
        if (pictures != null) {
            breakOff();
        }
        pictures = config;
        double rate = config.format().framesPerSecond();
        pictureGrid = new FrameTimes(rate > 0 ? TICKS_PER_SECOND / rate : 0);
    }

    /** How the sound that follows is made; another way than before begins a new segment. */
    public void sound(AudioConfig config) {
        if (config.equals(sound)) {
            return;
        }
        if (sound != null) {
            breakOff();
        }
        sound = config;
        soundGrid = new FrameTimes(config.aac() == null ? 0 : config.frameTicks());
    }

    /** A picture in byte stream form; nothing before the first {@link #pictures(VideoConfig)}. */
    public void picture(boolean key, long dts, long pts, byte[] bytes, Instant received) throws UncuttableStream {
        if (pictures == null) {
            return;
        }
        long stamp = pictureGrid.snap(dts);
        long decode = Math.max(stamp, lastPicture + 1); // decoders and players need rising times
        long shown = stamp == lastStamp ? decode : stamp + pictureGrid.snapDistance(pts - dts);
        long present = Math.max(shown, decode - MOST_LOWERED);
        lastStamp = stamp;
        if (key) {
            atKeyframe(decode, present, received);
        } else if (open == null || open.pictures() == 0) {
            awaitKeyframe(decode);
            return;
        }
        lastPicture = decode;
        add(new AccessUnit(true, key, decode, present, bytes));
    }

    /** A frame of sound in byte stream form; nothing before the first {@link #sound(AudioConfig)}. */
    public void sound(long pts, byte[] bytes, Instant received) throws UncuttableStream {
        if (sound == null) {
            return;
        }
        long time = Math.max(soundGrid.snap(pts), lastSound + 1);
        lastSound = time;
        AccessUnit unit = new AccessUnit(false, true, time, time, bytes);
        if (open == null && pictures != null) {
            if (earlySound.size() == EARLY_SOUND) {
                giveBack(earlySound.removeFirst());
            }
            if (charge.add(bytes.length)) {
                earlySound.add(unit);
            }
            awaitKeyframe(time);
            return;
        }
        if (pictures == null && open != null && time - open.start >= target) {
            close(time, Long.MAX_VALUE);
        }
        if (open == null) {
            begin(time, received);
        }
        add(unit);
    }

    /** The time line breaks here: what follows does not continue what came before. */
    public void breakOff() {
        finish();
        broken |= handedOut;
        waitingSince = Long.MIN_VALUE;
        lastPicture = Long.MIN_VALUE;
        lastStamp = Long.MIN_VALUE;
        lastSound = Long.MIN_VALUE;
        lowered = 0;
        lastDecoded = Long.MIN_VALUE;
        earlySound.forEach(this::giveBack);
        earlySound.clear();
        pictureGrid.reset();
        soundGrid.reset();
    }

    /** Drops what has been collected, since a part of it is missing; the next segment begins at the next keyframe. */
    public void drop() {
        if (open != null) {
            open.units.forEach(this::giveBack);
            open = null;
        }
        earlySound.forEach(this::giveBack);
        earlySound.clear();
        broken |= handedOut;
        waitingSince = Long.MIN_VALUE;
    }

    /** Hands out what has been collected. */
    public void finish() {
        if (open != null) {
            double rate = pictures == null ? 0 : pictures.format().framesPerSecond();
            close(open.end(rate, sound == null ? 0 : Math.round(sound.frameTicks())), Long.MAX_VALUE);
        }
    }

    private void atKeyframe(long dts, long pts, Instant received) {
        if (open != null && open.pictures() == 0) {
            soundBeforePictures(dts);
        } else if (open != null && pts - open.start >= target - ROUNDING) {
            close(pts, pts); // decoding times of keyframes are not as far apart when leading pictures follow some
        }
        if (open == null) {
            begin(pts, received);
            for (AccessUnit early : earlySound) {
                if (early.dts() >= dts) {
                    open.add(early);
                } else {
                    giveBack(early);
                }
            }
            earlySound.clear();
        }
    }

    /** Pictures begin after sound: at the start of a stream they were only late, later they are news. */
    private void soundBeforePictures(long dts) {
        broken |= handedOut;
        if (handedOut && open.start < dts) {
            close(dts, dts);
            broken = true;
            return;
        }
        for (AccessUnit unit : open.units) {
            if (unit.dts() >= dts) {
                earlySound.add(unit);
            } else {
                giveBack(unit);
            }
        }
        open = null;
    }

    private void begin(long start, Instant received) {
        open = new OpenSegment(start, received, broken);
        broken = false;
    }

    private void add(AccessUnit unit) throws UncuttableStream {
        if (open.units.size() == MAX_UNITS) {
            throw new UncuttableStream("a segment has more than " + MAX_UNITS + " pictures and frames of sound");
        }
        if (!charge.add(unit.bytes().length)) {
            drop();
            sink.dropped();
            return;
        }
        open.add(unit);
        waitingSince = Long.MIN_VALUE;
        if (open.bytes() > rule.maxBytes()) {
            throw new UncuttableStream("a segment has more than " + rule.maxBytes()
                    + " bytes; lower the bitrate or the keyframe interval of the encoder");
        }
        if (unit.dts() - open.start > ticks(rule.patience())) {
            throw noKeyframe();
        }
    }

    private void awaitKeyframe(long now) throws UncuttableStream {
        if (waitingSince == Long.MIN_VALUE) {
            waitingSince = now;
        } else if (now - waitingSince > ticks(rule.patience())) {
            throw noKeyframe();
        }
    }

    private UncuttableStream noKeyframe() {
        return new UncuttableStream("no keyframe for " + rule.patience().toSeconds()
                + " s; set the keyframe interval of the encoder to " + rule.target().toSeconds() + " s");
    }

    /** @param keepFrom sound from this time on is kept for the next segment: it has overtaken the keyframe */
    private void close(long end, long keepFrom) {
        OpenSegment done = open;
        open = null;
        List<AccessUnit> units = new ArrayList<>();
        for (AccessUnit unit : done.units) {
            if (unit.picture() || unit.dts() < keepFrom) {
                units.add(unit);
            } else if (earlySound.size() < EARLY_SOUND) {
                earlySound.add(unit);
            } else {
                giveBack(unit);
            }
        }
        if (units.isEmpty()) {
            return;
        }
        double seconds = (end - done.start) / TICKS_PER_SECOND;
        VideoFormat video = done.pictures() == 0 ? VideoFormat.unknown("") : pictures.format();
        boolean heard = units.size() > done.pictures();
        AudioFormat audio = sound == null || !heard ? new AudioFormat("", 0, "") : sound.format();
        MediaInfo info =
                new MediaInfo(
                        Container.MPEGTS,
                        video.codec(),
                        audio.codec(),
                        video.width(),
                        video.height(),
                        video.pixelFormat(),
                        FrameRate.settle(video.framesPerSecond(), done.picturesPerSecond()),
                        CodecNames.join(video.name(), audio.name()),
                        done.pictures());
        int videoType = done.pictures() == 0 ? TsMuxer.NONE : pictures.streamType();
        int audioType = sound == null || !heard ? TsMuxer.NONE : sound.streamType();
        List<AccessUnit> out = described(decodedBeforeShown(units));
        int size = TsMuxer.size(out, videoType, audioType);
        boolean room = charge.add(size);
        byte[] data = room ? muxer.segment(out, videoType, audioType, done.discontinuity) : null;
        units.forEach(this::giveBack);
        if (!room) {
            broken |= handedOut;
            sink.dropped();
            return;
        }
        Duration duration = Duration.ofNanos(Math.round(seconds * 1e9));
        handedOut = true;
        try {
            sink.segment(new CutSegment(Bytes.wrap(data), duration, info, done.wallTime, done.discontinuity));
        } finally {
            charge.remove(size);
        }
    }

    /**
     * Where a picture would be shown before it is decoded, all of them are decoded earlier: the time at which a
     * picture is shown is never changed for it. FLV allows such times (10.1, E.4.3.1: the composition time is signed),
     * a transport stream does not (ISO/IEC 13818-1, 2.7.5).
     */
    private List<AccessUnit> decodedBeforeShown(List<AccessUnit> units) {
        for (AccessUnit unit : units) {
            lowered = Math.max(lowered, unit.dts() - unit.pts());
        }
        List<AccessUnit> moved = new ArrayList<>(units.size());
        for (AccessUnit unit : units) {
            if (unit.picture()) {
                lastDecoded = Math.max(unit.dts() - lowered, lastDecoded + 1);
                long shown = Math.max(unit.pts(), lastDecoded);
                moved.add(new AccessUnit(true, unit.key(), lastDecoded, shown, unit.bytes()));
            } else {
                moved.add(unit);
            }
        }
        return moved;
    }

    /** The first frame of sound in a segment has what a decoder needs and no header says. */
    private List<AccessUnit> described(List<AccessUnit> units) {
        for (int i = 0; i < units.size(); i++) {
            AccessUnit unit = units.get(i);
            if (!unit.picture()) {
                byte[] bytes = sound.first(unit.bytes());
                units.set(i, new AccessUnit(false, true, unit.dts(), unit.pts(), bytes));
                return units;
            }
        }
        return units;
    }

    private void giveBack(AccessUnit unit) {
        charge.remove(unit.bytes().length);
    }

    private static long ticks(Duration duration) {
        return duration.toMillis() * 90;
    }
}

package io.millrace.media.probe;

import io.millrace.media.codec.UnreadableMedia;
import java.util.OptionalLong;

/** One track of an MP4 file: its format, and what its samples add up to. */
final class Mp4Track {

    private static final int NOT_SYNC = 0x10000;

    /** The track, its media, their information, the sample table. */
    private static final int MAX_DEPTH = 4;

    private final Boxes boxes;
    private final byte[] bytes;
    private final boolean wholeFile;
    private int depth;
    private long id;
    private long timescale;
    private SampleEntry entry = new SampleEntry(null, null);
    private long samples;
    private long ticks;
    private long start = -1;
    private Boolean keyframe;
    private long defaultDuration;
    private long defaultFlags;

    /** Reads a {@code trak} box. */
    Mp4Track(Boxes boxes, byte[] bytes, int from, int to) throws UnreadableMedia {
        this.boxes = boxes;
        this.bytes = bytes;
        descend(from, to);
        wholeFile = samples > 0;
    }

    long id() {
        return id;
    }

    SampleEntry entry() {
        return entry;
    }

    long samples() {
        return samples;
    }

    /** In seconds, 0 when unknown. */
    double seconds() {
        return timescale == 0 ? 0 : (double) ticks / timescale;
    }

    /** In ticks of 90 kHz. */
    OptionalLong start() {
        if (wholeFile) {
            return OptionalLong.of(0);
        }
        return start < 0 || timescale == 0
                ? OptionalLong.empty()
                : OptionalLong.of((long) ((double) start / timescale * 90_000) & (1L << 33) - 1);
    }

    boolean startsWithKeyframe() {
        return keyframe == null || keyframe;
    }

    private void header(String type, int from, int to) throws UnreadableMedia {
        switch (type) {
            case "mdia", "minf", "stbl" -> descend(from, to);
            case "tkhd" -> {
                Boxes.need(from, to, 24);
                id = Boxes.int32(bytes, from + (bytes[from] == 1 ? 20 : 12));
            }
            case "mdhd" -> {
                Boxes.need(from, to, 24);
                timescale = Boxes.int32(bytes, from + (bytes[from] == 1 ? 20 : 12));
            }
            case "stsd" -> {
                Boxes.need(from, to, 8);
                boxes.visit(bytes, from + 8, to, this::description);
            }
            case "stts" -> {
                Boxes.need(from, to, 8);
                for (int at = from + 8; at + 8 <= to; at += 8) {
                    add(Boxes.int32(bytes, at), Boxes.int32(bytes, at + 4));
                }
            }
            case "stss" -> {
                Boxes.need(from, to, 8);
                keyframe = to - from >= 12 && Boxes.int32(bytes, from + 8) == 1;
            }
            default -> {
                // Edit lists, names and where samples lie are not asked for.
            }
        }
    }

    private void descend(int from, int to) throws UnreadableMedia {
        if (++depth > MAX_DEPTH) {
            throw new UnreadableMedia("its MP4 boxes are nested too deep");
        }
        boxes.visit(bytes, from, to, this::header);
        depth--;
    }

    private void description(String type, int from, int to) throws UnreadableMedia {
        if (entry.video() == null && entry.audio() == null) {
            entry = SampleEntry.read(boxes, bytes, type, from, to);
        }
    }

    /** Takes the defaults of a {@code trex} box. */
    void defaults(int from, int to) throws UnreadableMedia {
        Boxes.need(from, to, 24);
        defaultDuration = Boxes.int32(bytes, from + 12);
        defaultFlags = Boxes.int32(bytes, from + 20);
    }

    /** Takes a track fragment, given its header box (8.8.7) and the boxes beside it. */
    void fragment(int header, int headerEnd, int from, int to) throws UnreadableMedia {
        int flags = (int) Boxes.int32(bytes, header) & 0xffffff;
        int at = header + 8 + ((flags & 1) == 0 ? 0 : 8) + ((flags & 2) == 0 ? 0 : 4);
        long duration = defaultDuration;
        if ((flags & 8) != 0) {
            Boxes.need(at, headerEnd, 4);
            duration = Boxes.int32(bytes, at);
            at += 4;
        }
        at += (flags & 0x10) == 0 ? 0 : 4;
        long sampleFlags = defaultFlags;
        if ((flags & 0x20) != 0) {
            Boxes.need(at, headerEnd, 4);
            sampleFlags = Boxes.int32(bytes, at);
        }
        long eachDuration = duration;
        long eachFlags = sampleFlags;
        boxes.visit(
                bytes,
                from,
                to,
                (type, begin, end) -> {
                    if (type.equals("tfdt") && start < 0) {
                        Boxes.need(begin, end, 8);
                        boolean wide = bytes[begin] == 1;
                        Boxes.need(begin, end, wide ? 12 : 8);
                        start = wide ? Boxes.int64(bytes, begin + 4) : Boxes.int32(bytes, begin + 4);
                    } else if (type.equals("trun")) {
                        run(begin, end, eachDuration, eachFlags);
                    }
                });
    }

    /** Takes a track fragment run (8.8.8). */
    private void run(int from, int to, long eachDuration, long eachFlags) throws UnreadableMedia {
        Boxes.need(from, to, 8);
        int flags = (int) Boxes.int32(bytes, from) & 0xffffff;
        long count = Boxes.int32(bytes, from + 4);
        int at = from + 8 + ((flags & 1) == 0 ? 0 : 4);
        long first = eachFlags;
        if ((flags & 4) != 0) {
            Boxes.need(at, to, 4);
            first = Boxes.int32(bytes, at);
            at += 4;
        }
        int size = 4 * Integer.bitCount(flags & 0xf00);
        if (size == 0) {
            add(count, eachDuration);
        } else if (count * size > to - at) {
            throw new UnreadableMedia("one of its MP4 fragments announces more samples than it has");
        } else if ((flags & 0x100) == 0) {
            add(count, eachDuration);
        } else {
            for (long i = 0; i < count; i++) {
                add(1, Boxes.int32(bytes, at + (int) (i * size)));
            }
        }
        if (keyframe == null && count > 0) {
            boolean own = (flags & 0x400) != 0 && (flags & 4) == 0;
            int offset = 4 * Integer.bitCount(flags & 0x300);
            keyframe = ((own ? Boxes.int32(bytes, at + offset) : first) & NOT_SYNC) == 0;
        }
    }

    private void add(long count, long duration) throws UnreadableMedia {
        samples += count;
        if (samples > bytes.length) {
            throw new UnreadableMedia("it announces more samples than it has bytes");
        }
        ticks += count * duration;
        if (ticks < 0) {
            throw new UnreadableMedia("the durations of its samples are not possible");
        }
    }
}

package io.millrace.media.probe;

import io.millrace.media.codec.UnreadableMedia;

/** One track of an MP4 file: its format, and what its samples add up to. */
final class Mp4Track {

    /** The track, its media, their information, the sample table. */
    private static final int MAX_DEPTH = 4;

    private final Boxes boxes;
    private final byte[] bytes;
    private int depth;
    private long id;
    private boolean aside;
    private long timescale;
    private SampleEntry entry = new SampleEntry(null, null);
    private long samples;
    private long ticks;
    private long defaultDuration;

    /** Reads a {@code trak} box. */
    Mp4Track(Boxes boxes, byte[] bytes, int from, int to) throws UnreadableMedia {
        this.boxes = boxes;
        this.bytes = bytes;
        descend(from, to);
    }

    long id() {
        return id;
    }

    /** Whether its matrix (8.3.2) turns the pictures by a quarter: players show them upright. */
    boolean aside() {
        return aside;
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

    private void header(String type, int from, int to) throws UnreadableMedia {
        switch (type) {
            case "mdia", "minf", "stbl" -> descend(from, to);
            case "tkhd" -> {
                Boxes.need(from, to, 24);
                id = Boxes.int32(bytes, from + (bytes[from] == 1 ? 20 : 12));
                int matrix = from + (bytes[from] == 1 ? 52 : 40);
                aside = to - matrix >= 20
                        && Boxes.int32(bytes, matrix) == 0
                        && Boxes.int32(bytes, matrix + 4) != 0
                        && Boxes.int32(bytes, matrix + 12) != 0
                        && Boxes.int32(bytes, matrix + 16) == 0;
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
    }

    /** Takes a track fragment, given its header box (8.8.7) and the boxes beside it. */
    void fragment(int header, int headerEnd, int from, int to) throws UnreadableMedia {
        int flags = (int) Boxes.int32(bytes, header) & 0xffffff;
        int at = header + 8 + ((flags & 1) == 0 ? 0 : 8) + ((flags & 2) == 0 ? 0 : 4);
        long duration = defaultDuration;
        if ((flags & 8) != 0) {
            Boxes.need(at, headerEnd, 4);
            duration = Boxes.int32(bytes, at);
        }
        long eachDuration = duration;
        boxes.visit(
                bytes,
                from,
                to,
                (type, begin, end) -> {
                    if (type.equals("trun")) {
                        run(begin, end, eachDuration);
                    }
                });
    }

    /** Takes a track fragment run (8.8.8). */
    private void run(int from, int to, long eachDuration) throws UnreadableMedia {
        Boxes.need(from, to, 8);
        int flags = (int) Boxes.int32(bytes, from) & 0xffffff;
        long count = Boxes.int32(bytes, from + 4);
        int at = from + 8 + 4 * Integer.bitCount(flags & 5);
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

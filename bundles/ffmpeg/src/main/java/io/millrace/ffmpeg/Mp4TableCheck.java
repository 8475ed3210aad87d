package io.millrace.ffmpeg;

import java.util.Arrays;

/**
 * What the tables of an MP4 file claim to hold, checked before FFmpeg reads them: its demuxer makes an entry in memory
 * for each sample that a table counts, whether the file has it or not (libavformat/mov.c, {@code mov_build_index}).
 *
 * <p>Boxes are found by their names wherever they stand outside of the media data, since the demuxer takes a table in
 * any box. Each byte is looked at once, and each entry of a table that is added up once more.
 */
final class Mp4TableCheck {

    /** Entries of all indexes together, at most, some 30 bytes each. Five minutes of video and sound have 50,000. */
    private static final long MOST_ENTRIES = 1 << 22;

    /** Entries of the index for each byte of the file: one for a sample of one byte, and one for each of three edits. */
    private static final int ENTRIES_A_BYTE = 4;

    /** Bytes outside of the media data, at most; the demuxer needs some 0.1 s for each million of boxes in them. */
    private static final long MOST_INDEX = 64 << 20;

    /** For each fragment the demuxer keeps the state of all streams. One for each picture of five minutes are fewer. */
    private static final int MOST_FRAGMENTS = 20_000;

    /** The demuxer may move all entries of an index for each run of a fragment; so many moves take some 2 s. */
    private static final long MOST_MOVES = 1L << 31;

    /** Boxes beside each other in the file, at most: a fragment is some three of them. */
    private static final int MOST_BOXES = 1 << 18;

    private static final int HEADER = 8;
    private static final int LONG_HEADER = 16;

    /** Samples of uncompressed sound that make one entry of the index. */
    private static final int SAMPLES_AN_ENTRY = 1024;

    private static final int MDAT = 0x6d646174;
    private static final int CMOV = 0x636d6f76;
    private static final int MOOF = 0x6d6f6f66;
    private static final int SIDX = 0x73696478;
    private static final int STSZ = 0x7374737a;
    private static final int STZ2 = 0x73747a32;
    private static final int TRUN = 0x7472756e;
    private static final int STTS = 0x73747473;
    private static final int CTTS = 0x63747473;
    private static final int STSC = 0x73747363;
    private static final int STCO = 0x7374636f;
    private static final int CO64 = 0x636f3634;
    private static final int STSS = 0x73747373;
    private static final int STPS = 0x73747073;
    private static final int ELST = 0x656c7374;
    private static final int SBGP = 0x73626770;
    private static final int SGPD = 0x73677064;
    private static final int ILOC = 0x696c6f63;

    private final byte[] file;
    private byte[] cleaned;
    private long tableBytes;
    private long samples;
    private long timed;
    private long shifted;
    private long edits;
    private long chunks;
    private long chunkEntries;
    private int fragments;
    private long runs;
    private long looked;

    private Mp4TableCheck(byte[] file) {
        this.file = file;
        this.cleaned = file;
    }

    /**
     * The file as FFmpeg may read it: without its segment index, which leads the demuxer to places that were not
     * looked at; the array itself comes back where there is none.
     *
     * @throws CodecError when its tables claim more than a file of its size can hold
     */
    static byte[] checked(byte[] file) {
        Mp4TableCheck claims = new Mp4TableCheck(file);
        claims.run();
        return claims.cleaned;
    }

    /** How many bytes and entries were looked at for a file that is in order; for tests. */
    static long looked(byte[] file) {
        Mp4TableCheck claims = new Mp4TableCheck(file);
        claims.run();
        return claims.looked;
    }

    private void run() {
        long index = 0;
        int boxes = 0;
        for (long at = 0; at + HEADER <= file.length; ) {
            long size = size((int) at);
            if (size < HEADER) {
                break;
            }
            int end = (int) Math.min(file.length, at + Math.min(size, file.length));
            if (name((int) at + 4) != MDAT) {
                index += end - at;
                refuseIf(index > MOST_INDEX);
                scan((int) at, end);
            }
            refuseIf(++boxes > MOST_BOXES);
            at = end;
        }
        long mostEntries = Math.min((long) ENTRIES_A_BYTE * file.length, MOST_ENTRIES);
        // Each edit may show all samples once more.
        refuseIf(samples * (1 + edits) > mostEntries);
        refuseIf(runs * samples > MOST_MOVES);
        refuseIf(chunkEntries * Math.max(1, chunks) > mostEntries);
    }

    private long size(int at) {
        long size = unsigned(at);
        if (size == 1 && at + LONG_HEADER <= file.length) {
            return Math.max(0, unsigned(at + 8) << 32 | unsigned(at + 12));
        }
        return size == 0 ? file.length - (long) at : size;
    }

    /** Looks for the names of tables at each byte of a box. */
    private void scan(int from, int to) {
        looked += to - from;
        int name = 0;
        for (int i = from + 4; i < to; i++) {
            name = name << 8 | file[i] & 0xff;
            if (i >= from + 7 && isTable(name)) {
                table(name, i - 3, i + 1, to);
            }
        }
    }

    private static boolean isTable(int name) {
        return switch (name) {
            case CMOV, MOOF, SIDX, STSZ, STZ2, TRUN, STTS, CTTS, STSC, STCO, CO64, STSS, STPS, ELST, SBGP, SGPD, ILOC ->
                true;
            default -> false;
        };
    }

    /**
     * @param at where the name stands
     * @param content where the content of the box begins
     */
    private void table(int name, int at, int content, int end) {
        long size = unsigned(at - 4);
        if (name == SIDX || size >= HEADER && size > end - at + 4) {
            // Text that looks like a name, or a table that goes beyond its parent: the demuxer would read it all the
            // same.
            hide(at);
        } else if (size < 2 || size >= HEADER) {
            claim(name, size == 1 ? content + 8 : content, end);
        }
    }

    /** The demuxer passes over a box that has no name. */
    private void hide(int at) {
        cleaned = cleaned == file ? file.clone() : cleaned;
        Arrays.fill(cleaned, at, at + 4, (byte) ' ');
    }

    private void claim(int name, int content, int end) {
        switch (name) {
            // A header that is compressed cannot be looked at, and nobody writes it any more.
            case CMOV -> refuseIf(true);
            case MOOF -> refuseIf(++fragments > MOST_FRAGMENTS);
            case STSZ -> add(count(content, 8, end, field(content, 4, end) == 0 ? 32 : 0));
            case STZ2 -> add(count(content, 8, end, (int) field(content, 4, end) & 0xff));
            case TRUN -> {
                runs++;
                int flags = (int) field(content, 0, end);
                add(count(content, 4, end, 32 * Integer.bitCount(flags & 0xf00)));
            }
            case STTS -> timed = sum(timed, content, count(content, 4, end, 64), end);
            case CTTS -> shifted = sum(shifted, content, count(content, 4, end, 64), end);
            case STSC -> inChunks(content, count(content, 4, end, 96), end);
            case STCO -> chunks += count(content, 4, end, 32);
            case CO64 -> chunks += count(content, 4, end, 64);
            case STSS, STPS -> count(content, 4, end, 32);
            case ELST -> edits += count(content, 4, end, 96);
            case SBGP -> count(content, version(content, end) == 0 ? 8 : 12, end, 64);
            case SGPD -> count(content, 8 + 4 * Math.min(2, version(content, end)), end, 8);
            case ILOC -> count(content, 6, end, version(content, end) < 2 ? 0 : 64);
            default -> {
                // Nothing that is counted.
            }
        }
    }

    /** The number that stands {@code offset} bytes into the content; the file must have room for so many entries. */
    private long count(int content, int offset, int end, int bitsEach) {
        long count = field(content, offset, end);
        tableBytes += count * bitsEach / 8;
        refuseIf(tableBytes > file.length);
        return count;
    }

    /** A sample is a byte at least. */
    private void add(long count) {
        samples += count;
        refuseIf(samples > file.length);
    }

    /** Adds up the samples of a table of runs. */
    private long sum(long before, int content, long entries, int end) {
        looked += entries;
        long sum = before;
        for (long i = 0; i < entries; i++) {
            sum += field(content, (int) (8 + 8 * i), end);
        }
        refuseIf(sum > file.length);
        return sum;
    }

    /** The largest number of index entries that a chunk makes, when its samples are not counted one by one. */
    private void inChunks(int content, long entries, int end) {
        looked += entries;
        for (long i = 0; i < entries; i++) {
            long inEach = field(content, (int) (12 + 12 * i), end);
            chunkEntries = Math.max(chunkEntries, (inEach + SAMPLES_AN_ENTRY - 1) / SAMPLES_AN_ENTRY);
        }
    }

    private int version(int content, int end) {
        return content < end ? file[content] & 0xff : 0;
    }

    /** Zero where the file ends before it. */
    private long field(int content, int offset, int end) {
        return content + (long) offset + 4 <= end ? unsigned(content + offset) : 0;
    }

    private long unsigned(int at) {
        return name(at) & 0xffff_ffffL;
    }

    private int name(int at) {
        return (file[at] & 0xff) << 24 | (file[at + 1] & 0xff) << 16 | (file[at + 2] & 0xff) << 8 | file[at + 3] & 0xff;
    }

    private static void refuseIf(boolean tooMuch) {
        if (tooMuch) {
            throw new CodecError(CodecError.INVALID_VIDEO);
        }
    }
}

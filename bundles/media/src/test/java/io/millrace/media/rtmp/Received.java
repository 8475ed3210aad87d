package io.millrace.media.rtmp;

import io.millrace.media.codec.Aac;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.rtmp.RecordingGate.Submitted;
import io.millrace.media.ts.TsDemuxer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** What the segments of one publisher hold, in the order of their numbers: counted and timed from their bytes. */
final class Received {

    final List<Submitted> segments;
    final List<Long> shown = new ArrayList<>();
    final List<Long> decoded = new ArrayList<>();
    final List<byte[]> sound = new ArrayList<>();
    int unknownSound;

    private Received(List<Submitted> segments) throws UnreadableMedia {
        this.segments = segments;
        for (Submitted submitted : segments) {
            byte[] ts = submitted.segment().data().unsafeArray();
            times(ts);
            TsDemuxer.run(ts, (track, pts, payload, from, to) -> {
                for (int at = from; !track.video() && at < to; ) {
                    if (!Aac.isAdts(payload, at, to)) {
                        unknownSound++;
                        return;
                    }
                    int length = Aac.adtsLength(payload, at);
                    sound.add(Arrays.copyOfRange(payload, at, at + length));
                    at += length;
                }
            });
        }
    }

    /** Waits for the publisher's end. */
    static Received of(TestServer server) throws Exception {
        server.gate.takeClosed();
        List<Submitted> segments = new ArrayList<>();
        server.gate.submitted.drainTo(segments);
        return new Received(segments);
    }

    int pictures() {
        return shown.size();
    }

    long discontinuities() {
        return segments.stream().filter(submitted -> submitted.segment().discontinuity()).count();
    }

    List<Long> millis() {
        return segments.stream().map(submitted -> submitted.segment().duration().toMillis()).toList();
    }

    /** The times of pictures in 90 kHz, from their packet headers (ISO/IEC 13818-1, 2.4.3.6). */
    private void times(byte[] ts) {
        for (int at = 0; at < ts.length; at += TsDemuxer.PACKET) {
            int pid = (ts[at + 1] & 0x1f) << 8 | ts[at + 2] & 0xff;
            if (pid != 0x100 || (ts[at + 1] & 0x40) == 0) {
                continue;
            }
            int unit = at + 4 + ((ts[at + 3] & 0x20) == 0 ? 0 : 1 + (ts[at + 4] & 0xff));
            shown.add(stamp(ts, unit + 9));
            decoded.add(stamp(ts, (ts[unit + 7] & 0x40) == 0 ? unit + 9 : unit + 14));
        }
    }

    private static long stamp(byte[] bytes, int at) {
        return (bytes[at] & 0x0eL) << 29
                | (bytes[at + 1] & 0xffL) << 22
                | (bytes[at + 2] & 0xfeL) << 14
                | (bytes[at + 3] & 0xffL) << 7
                | (bytes[at + 4] & 0xfeL) >> 1;
    }
}

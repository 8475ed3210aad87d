package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import io.millrace.api.job.VideoProfile.Container;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * The sound of a rendition, copied. What comes before the first picture is encoded waits for it: only
 * then are the container's streams known. For one thread.
 */
final class AudioTrack implements AutoCloseable {

    private final Deque<AudioPacket> waiting = new ArrayDeque<>();
    private final RenditionOptions coding;
    private final ClipWindow clip;
    private final SegmentOutput output;
    private final AudioFormat format;

    /** @param format null for no sound */
    AudioTrack(RenditionOptions coding, ClipWindow clip, SegmentOutput output, AudioFormat format) {
        this.coding = coding;
        this.clip = clip;
        this.output = output;
        this.format = format;
    }

    /** Takes the sound over. */
    void take(AudioPacket audio) {
        if (format == null || audio.packet().pts() == AV_NOPTS_VALUE) {
            audio.free();
            return;
        }
        waiting.add(audio);
        if (output.begun()) {
            end();
        }
    }

    /** Writes the packets that wait, once the output has begun. */
    void end() {
        while (output.begun() && !waiting.isEmpty()) {
            AudioPacket audio = waiting.poll();
            try {
                write(audio.packet());
            } finally {
                audio.free();
            }
        }
    }

    private void write(AVPacket packet) {
        long pts = packet.pts();
        // What an MP4 has before zero only primes the decoder; MPEG-TS has no place for it.
        boolean primes = coding.container() != Container.MP4 && pts < 0 && clip.start() >= 0;
        if (primes || !clip.keeps(pts, format.base())) {
            return;
        }
        long shift = clip.shift(format.base());
        packet.pts(pts - shift);
        packet.dts(packet.dts() == AV_NOPTS_VALUE ? AV_NOPTS_VALUE : packet.dts() - shift);
        output.audio(packet);
    }

    @Override
    public void close() {
        waiting.forEach(AudioPacket::free);
        waiting.clear();
    }
}

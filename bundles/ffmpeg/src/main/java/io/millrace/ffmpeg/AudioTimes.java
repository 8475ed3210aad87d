package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.av_get_audio_frame_duration2;
import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * Gives each packet of sound a time of its own. Several packets share one unit of MPEG-TS, which has one time (ISO/IEC
 * 13818-1, 2.4.3.7), and until FFmpeg knows how long they are it leaves the others without. For one thread.
 */
final class AudioTimes implements AutoCloseable {

    private final AudioFormat format;
    private final Consumer<AVPacket> timed;
    private final Deque<AudioPacket> waiting = new ArrayDeque<>();
    private long anchor = AV_NOPTS_VALUE;
    private long samples;

    /** @param timed is lent each packet, when its time is known */
    AudioTimes(AudioFormat format, Consumer<AVPacket> timed) {
        this.format = format;
        this.timed = timed;
    }

    /** Takes a packet, which stays the caller's. Those before the first with a time wait for it. */
    void take(AVPacket packet) {
        if (packet.pts() == AV_NOPTS_VALUE && anchor == AV_NOPTS_VALUE) {
            waiting.add(AudioPacket.copyOf(packet));
            return;
        }
        if (packet.pts() != AV_NOPTS_VALUE) {
            anchor = packet.pts();
            samples = 0;
        }
        samples -= waiting.stream().mapToLong(before -> samplesOf(before.packet())).sum();
        while (!waiting.isEmpty()) {
            AudioPacket before = waiting.poll();
            try {
                pass(before.packet());
            } finally {
                before.free();
            }
        }
        pass(packet);
    }

    private void pass(AVPacket packet) {
        if (packet.pts() == AV_NOPTS_VALUE) {
            long time = anchor + new Fraction(1, format.parameters().sample_rate()).rescale(samples, format.base());
            packet.pts(time).dts(time);
        }
        samples += samplesOf(packet);
        timed.accept(packet);
    }

    private long samplesOf(AVPacket packet) {
        return av_get_audio_frame_duration2(format.parameters(), packet.size());
    }

    @Override
    public void close() {
        waiting.forEach(AudioPacket::free);
        waiting.clear();
    }
}

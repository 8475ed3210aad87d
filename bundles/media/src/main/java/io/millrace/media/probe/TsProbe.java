package io.millrace.media.probe;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.media.codec.CodecNames;
import io.millrace.media.codec.AudioFormat;
import io.millrace.media.codec.AvcPictures;
import io.millrace.media.codec.FrameRate;
import io.millrace.media.codec.HevcPictures;
import io.millrace.media.codec.NalUnits;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.codec.VideoFormat;
import io.millrace.media.ts.StreamType;
import io.millrace.media.ts.TsDemuxer;
import java.time.Duration;

/** Reads a transport stream through to its pictures. */
final class TsProbe implements TsDemuxer.Sink {

    private static final double TICKS_PER_SECOND = 90_000;

    private final PresentationTimes videoTimes = new PresentationTimes();
    private final PresentationTimes soundTimes = new PresentationTimes();
    private final AudioReader sound = new AudioReader();
    private final AvcPictures avc = new AvcPictures();
    private final HevcPictures hevc = new HevcPictures();
    private int otherPictures;

    private TsProbe() {}

    static SegmentProbe.Found probe(byte[] bytes) throws UnreadableMedia {
        TsProbe probe = new TsProbe();
        return probe.result(TsDemuxer.run(bytes, probe));
    }

    @Override
    public void unit(StreamType track, long pts, byte[] payload, int from, int to) throws UnreadableMedia {
        if (!track.video()) {
            soundTimes.add(pts);
            sound.unit(track.codec(), payload, from, to);
            return;
        }
        videoTimes.add(pts);
        switch (track.codec()) {
            case "h264" -> NalUnits.visit(payload, from, to, this::avcUnit);
            case "hevc" -> NalUnits.visit(payload, from, to, this::hevcUnit);
            default -> otherPictures++;
        }
    }

    private void avcUnit(byte[] bytes, int from, int to) {
        try {
            avc.unit(bytes, from, to);
        } catch (UnreadableMedia damaged) {
            // A decoder passes over a damaged unit too; without any good parameter set no picture is counted.
        }
    }

    private void hevcUnit(byte[] bytes, int from, int to) {
        try {
            hevc.unit(bytes, from, to);
        } catch (UnreadableMedia damaged) {
            // As above.
        }
    }

    private SegmentProbe.Found result(TsDemuxer.Tracks tracks) throws UnreadableMedia {
        if (tracks.video() == null && tracks.audio() == null) {
            throw new UnreadableMedia("it has neither picture nor sound");
        }
        VideoFormat video = tracks.video() == null ? VideoFormat.unknown("") : format(tracks.video().codec());
        int pictures = avc.count() + hevc.count() + otherPictures;
        double rate = FrameRate.settle(video.framesPerSecond(), counted(pictures));
        AudioFormat audio =
                tracks.audio() == null ? new AudioFormat("", 0, "") : sound.format(tracks.audio().codec());
        MediaInfo info = new MediaInfo(
                Container.MPEGTS,
                video.codec(),
                audio.codec(),
                video.width(),
                video.height(),
                video.pixelFormat(),
                rate,
                CodecNames.join(video.name(), audio.name()),
                pictures);
        double seconds = tracks.video() == null ? soundSeconds() : videoTimes.seconds();
        return new SegmentProbe.Found(info, Duration.ofMillis(Math.round(seconds * 1000)));
    }

    private double soundSeconds() {
        return sound.seconds() > 0 ? sound.seconds() : soundTimes.seconds();
    }

    private VideoFormat format(String codec) {
        if (codec.equals("h264") && avc.sps() != null) {
            return avc.sps().format();
        }
        if (codec.equals("hevc") && hevc.format() != null) {
            return hevc.format();
        }
        return VideoFormat.unknown(codec);
    }

    /** Pictures a second by their times: n stamps span n-1 intervals. */
    private double counted(int pictures) {
        int stamps = videoTimes.stamps();
        if (stamps < 2 || videoTimes.span() == 0) {
            return 0;
        }
        double unit = (double) videoTimes.span() / (stamps - 1);
        return TICKS_PER_SECOND / unit * pictures / stamps;
    }
}

package io.millrace.media.hls;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.ManifestId;
import io.millrace.media.codec.UnreadableMedia;
import io.millrace.media.probe.SegmentProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** A stream of real pictures and sound with one rendition, published segment by segment as time goes by. */
final class LiveStream implements AutoCloseable {

    static final VideoProfile LOW = VideoProfile.h264("low", 160, 90, 100_000, 30).withFormat(Container.MPEGTS);

    private static final Duration LENGTH = Duration.ofSeconds(2);

    private final List<Step> steps = new ArrayList<>();
    private final ScheduledExecutorService pace =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().name("live").factory());
    private final Path folder;
    private Publication publication;
    private Instant begun;
    private int published;

    /**
     * @param low null where the rendition is missing
     * @param other the rendition as another encoder makes it
     */
    private record Step(Bytes source, Bytes low, Bytes other, boolean discontinuity) {}

    /** @param folder for the segments, which the command {@code ffmpeg} makes */
    LiveStream(Path folder) {
        this.folder = folder;
    }

    /** So many segments more of one picture. Those after the first call do not continue what came before. */
    LiveStream segments(int count, String picture) throws Exception {
        String name = "part" + steps.size() + "-";
        encode(count, picture, name);
        for (int i = 0; i < count; i++) {
            steps.add(new Step(
                    read(name + "source", i),
                    read(name + "low", i),
                    read(name + "other", i),
                    i == 0 && !steps.isEmpty()));
        }
        return this;
    }

    /** This one is missing in the rendition, and another encoder, with other parameter sets, makes what follows. */
    LiveStream gap(int index) {
        for (int i = index; i < steps.size(); i++) {
            Step step = steps.get(i);
            steps.set(i, new Step(step.source, i == index ? null : step.other, step.other, step.discontinuity));
        }
        return this;
    }

    private void encode(int count, String picture, String name) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "ffmpeg", "-v", "error", "-nostdin",
                "-f", "lavfi", "-i", picture + "=size=320x180:rate=30",
                "-f", "lavfi", "-i", "sine=frequency=440:beep_factor=2:sample_rate=48000"));
        for (String output : List.of("source", "low", "other")) {
            command.addAll(List.of(
                    "-map", "0:v", "-map", "1:a", "-t", Long.toString(count * LENGTH.toSeconds()),
                    "-s", output.equals("source") ? "320x180" : LOW.width() + "x" + LOW.height(),
                    "-c:v", "libx264", "-preset", output.equals("other") ? "veryfast" : "ultrafast", "-bf", "0",
                    "-pix_fmt", "yuv420p",
                    "-g", "60", "-keyint_min", "60", "-sc_threshold", "0",
                    "-c:a", "aac", "-b:a", "64k",
                    "-f", "segment", "-segment_time", Long.toString(LENGTH.toSeconds()), "-segment_format", "mpegts",
                    folder.resolve(name + output + "%d.ts").toString()));
        }
        Process ffmpeg = new ProcessBuilder(command).inheritIO().start();
        if (!ffmpeg.waitFor(2, TimeUnit.MINUTES) || ffmpeg.exitValue() != 0) {
            throw new IOException("ffmpeg made no segments");
        }
    }

    private Bytes read(String name, int index) throws IOException {
        return Bytes.wrap(Files.readAllBytes(folder.resolve(name + index + ".ts")));
    }

    /**
     * Begins, as if so many segments had been published at their time already. The end is one segment's length after the
     * last.
     */
    void start(HlsPublisher publisher, ManifestId name, int already) throws UnreadableMedia {
        MediaInfo info = SegmentProbe.probe(steps.getFirst().source, Container.MPEGTS);
        publication = publisher.open(new StreamSpec(name, List.of(LOW), "rtmp", false, 1));
        begun = Instant.now().minus(LENGTH.multipliedBy(already));
        while (published < already) {
            publish(info);
        }
        pace.scheduleAtFixedRate(() -> publish(info), LENGTH.toMillis(), LENGTH.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void publish(MediaInfo info) {
        if (published == steps.size()) {
            publication.close();
            pace.shutdown();
            return;
        }
        Step step = steps.get(published);
        Segment segment = new Segment(
                published,
                LENGTH,
                step.source,
                Optional.empty(),
                begun.plus(LENGTH.multipliedBy(published)),
                step.discontinuity);
        published++;
        publication.source(segment, info);
        publication.renditions(segment, step.low == null ? List.of() : List.of(new Rendition(LOW, step.low)));
    }

    @Override
    public void close() {
        pace.shutdownNow();
    }
}

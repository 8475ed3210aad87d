package io.millrace.ffmpeg;

import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile.Container;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * One segment into its renditions: the thread that calls it reads and decodes, each rendition has a
 * thread of its own. The first failure ends all of them. When the call returns, nothing native is left.
 */
final class Transcoding implements Callable<List<Artifact>> {

    private static final int MOST_OUTPUTS = 10;

    private final Payload.Transcode request;
    private final byte[] data;
    private final Encoder encoder;
    private final String preset;
    private final Executor threads;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile List<Rendition> renditions = List.of();

    /** @param threads one platform thread for each task, at once */
    Transcoding(Payload.Transcode request, byte[] data, Encoder encoder, String preset, Executor threads) {
        this.request = request;
        this.data = data;
        this.encoder = encoder;
        this.preset = preset;
        this.threads = threads;
    }

    /**
     * Does it.
     *
     * @throws CodecError with the text of the wire
     */
    @Override
    public List<Artifact> call() {
        if (request.profiles().size() > MOST_OUTPUTS) {
            throw new CodecError(CodecError.TOO_MANY_OUTPUTS);
        }
        try (SegmentInput input = new SegmentInput(data);
                SoundFormat sound = SoundFormat.of(input.audio());
                VideoDecoder decoder = new VideoDecoder(input.video())) {
            List<Rendition> all = renditions(input, sound);
            List<Rendition> roots = Ladder.connect(all, input.size());
            renditions = all;
            List<CompletableFuture<Void>> running = new ArrayList<>();
            try {
                for (Rendition rendition : all) {
                    running.add(CompletableFuture.runAsync(rendition, threads));
                }
                read(input, decoder, roots);
                roots.forEach(root -> root.queue().end());
            } catch (FrameQueue.Poisoned e) {
                // The failure is recorded; it may have been before there were any renditions to end.
                all.forEach(rendition -> rendition.queue().poison());
            } catch (RuntimeException | Error e) {
                fail(e);
            } finally {
                running.forEach(CompletableFuture::join);
            }
            return artifacts(all);
        }
    }

    /** Ends it from another thread; the call then throws soon. Harmless at any time. */
    void cancel(CodecError reason) {
        fail(reason);
    }

    private List<Rendition> renditions(SegmentInput input, SoundFormat sound) {
        Fraction base = Fraction.of(input.video().time_base());
        return request.profiles().stream()
                .map(profile -> {
                    Container container = profile.format() == Container.UNSET ? input.container() : profile.format();
                    Coding coding = new Coding(profile, encoder, preset, container, base, request.clip());
                    return new Rendition(coding, sound, this::fail);
                })
                .toList();
    }

    private void read(SegmentInput input, VideoDecoder decoder, List<Rendition> roots) {
        boolean keyframe = false;
        for (AVPacket packet = input.next(); packet != null; packet = input.next()) {
            stopIfFailed();
            if (input.isVideo(packet)) {
                keyframe |= input.isKeyframe(packet);
                decoder.decode(packet, picture -> hand(picture, roots));
            } else {
                for (Rendition rendition : renditions) {
                    rendition.queue().put(Sound.copyOf(packet));
                }
            }
        }
        if (!keyframe) {
            throw new CodecError(CodecError.NO_KEYFRAMES);
        }
        decoder.decode(null, picture -> hand(picture, roots));
        if (decoder.frames() == 0) {
            throw new CodecError(CodecError.INVALID_DATA);
        }
    }

    private void hand(Picture picture, List<Rendition> roots) {
        try {
            roots.forEach(root -> root.queue().put(picture.share()));
        } finally {
            picture.free();
        }
    }

    private void stopIfFailed() {
        if (failure.get() != null) {
            throw new FrameQueue.Poisoned();
        }
    }

    private void fail(Throwable cause) {
        failure.compareAndSet(null, cause);
        renditions.forEach(rendition -> rendition.queue().poison());
    }

    private List<Artifact> artifacts(List<Rendition> all) {
        switch (failure.get()) {
            case null -> {
                return all.stream().map(Rendition::artifact).toList();
            }
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}

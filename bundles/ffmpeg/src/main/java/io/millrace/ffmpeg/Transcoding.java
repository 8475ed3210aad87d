package io.millrace.ffmpeg;

import io.millrace.api.compute.Result.Artifact;
import io.millrace.api.job.Payload;
import io.millrace.api.job.VideoProfile.Container;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.bytedeco.ffmpeg.avcodec.AVPacket;

/**
 * One segment into its renditions: the thread that calls it reads and decodes, each rendition has a
 * thread of its own. The first failure ends all of them. When the call returns, nothing native is left.
 */
final class Transcoding implements Callable<List<Artifact>> {

    private static final int MOST_OUTPUTS = 10;

    /** A picture may become larger in the middle of a segment, by so much, before its memory is charged. */
    private static final int GROWTH = 4;

    /** Any picture may become so large. */
    private static final long FULL_HD = 1920 * 1088;

    private final Payload.Transcode request;
    private final byte[] data;
    private final Resources resources;
    private final WorkGuard guard;
    private Shape charged;

    /** What the memory of pictures depends on. */
    private record Shape(Size size, int pixelFormat) {}

    Transcoding(Payload.Transcode request, byte[] data, Resources resources, InstantSource clock) {
        this.request = request;
        this.data = data;
        this.resources = resources;
        this.guard = new WorkGuard(resources.pixelsPerSecond(), clock);
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
        guard.begin();
        try (FrameMemory memory = new FrameMemory(resources.memory())) {
            memory.reading(data.length);
            return made(memory);
        } catch (FrameQueue.Poisoned e) {
            throw reason();
        }
    }

    private List<Artifact> made(FrameMemory memory) {
        try (SegmentInput input = new SegmentInput(data, guard, resources.interruption());
                AudioFormat audio = AudioFormat.of(input.audio())) {
            guard.media(input.seconds());
            List<Rendition> all = renditions(input, audio, memory);
            // Some streams tell their size with their first picture only.
            if (input.size().area() > 0) {
                refuseTooMany(input, all);
                charge(memory, input.size(), input.video().codecpar().format(), all);
            }
            long mostPixels = Math.min(
                    SegmentInput.MOST_PIXELS, Math.max(FULL_HD, GROWTH * input.size().area()));
            try (VideoDecoder decoder = new VideoDecoder(input.video(), input.rotation(), mostPixels)) {
                guard.onEnd(decoder::stop);
                guard.onEnd(() -> all.forEach(rendition -> rendition.queue().poison()));
                run(input, audio, decoder, all, memory);
            }
            if (guard.ended()) {
                throw reason();
            }
            return all.stream().map(Rendition::artifact).toList();
        }
    }

    private void run(
            SegmentInput input, AudioFormat audio, VideoDecoder decoder, List<Rendition> all, FrameMemory memory) {
        List<Rendition> roots = ScalingOrder.connect(all, input.size());
        List<CompletableFuture<Void>> running = new ArrayList<>();
        try {
            for (Rendition rendition : all) {
                running.add(CompletableFuture.runAsync(rendition, resources.threads()));
            }
            read(input, audio, decoder, all, picture -> {
                guard.spend(picture.size().area());
                charge(memory, picture.size(), picture.frame().format(), all);
                roots.forEach(root -> root.queue().put(picture.share()));
            });
            roots.forEach(root -> root.queue().end());
        } catch (FrameQueue.Poisoned e) {
            // The reason is recorded.
        } catch (RuntimeException | Error e) {
            guard.end(e);
        } finally {
            running.forEach(CompletableFuture::join);
        }
    }

    /** Ends it from another thread; the call then throws soon. Harmless at any time. */
    void cancel(CodecError reason) {
        guard.end(reason);
    }

    private List<Rendition> renditions(SegmentInput input, AudioFormat audio, FrameMemory memory) {
        Fraction base = Fraction.of(input.video().time_base());
        return request.profiles().stream()
                .map(profile -> {
                    Container container = profile.format() == Container.UNSET ? input.container() : profile.format();
                    RenditionOptions coding = new RenditionOptions(
                            profile, resources.encoder(), resources.preset(), container, base, request.clip());
                    return new Rendition(coding, audio, guard, memory);
                })
                .toList();
    }

    /** What the guard would find out later, said before work begins. */
    private void refuseTooMany(SegmentInput input, List<Rendition> all) {
        double pixels = input.size().area() * input.rate();
        for (Rendition rendition : all) {
            pixels += rendition.size(input.size()).area() * rendition.rate(input.rate());
        }
        if (pixels > resources.pixelsPerSecond()) {
            throw CodecError.tooManyPixels(
                    (long) pixels / CodecOptions.MEGAPIXEL, resources.pixelsPerSecond() / CodecOptions.MEGAPIXEL);
        }
    }

    private void charge(FrameMemory memory, Size source, int pixelFormat, List<Rendition> all) {
        Shape shape = new Shape(source, pixelFormat);
        if (!shape.equals(charged)) {
            charged = shape;
            List<Size> sizes = all.stream().map(rendition -> rendition.size(source)).toList();
            memory.pictures(source, pixelFormat, sizes, resources.encoder(), resources.preset());
        }
    }

    private void read(
            SegmentInput input,
            AudioFormat audio,
            VideoDecoder decoder,
            List<Rendition> all,
            Consumer<Picture> pictures) {
        Consumer<Picture> lent = picture -> {
            try {
                pictures.accept(picture);
            } finally {
                picture.free();
            }
        };
        boolean keyframe = false;
        try (AudioTimes sound = new AudioTimes(audio, packet -> all.forEach(
                rendition -> rendition.queue().put(AudioPacket.copyOf(packet))))) {
            for (AVPacket packet = input.next(); packet != null; packet = input.next()) {
                if (input.isVideo(packet)) {
                    guard.media(input.seconds());
                    keyframe |= input.isKeyframe(packet);
                    decoder.decode(packet, lent);
                } else if (audio != null) {
                    sound.take(packet);
                }
            }
        }
        guard.check();
        if (!keyframe) {
            throw new CodecError(CodecError.NO_KEYFRAMES);
        }
        decoder.decode(null, lent);
        if (decoder.frames() == 0) {
            throw new CodecError(CodecError.INVALID_DATA);
        }
    }

    private RuntimeException reason() {
        switch (guard.cause()) {
            case RuntimeException e -> {
                return e;
            }
            case Error e -> throw e;
            case Throwable e -> {
                return new IllegalStateException(e);
            }
        }
    }
}

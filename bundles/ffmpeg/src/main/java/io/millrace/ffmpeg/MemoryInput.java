package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avformat.AVIO_SEEKABLE_NORMAL;
import static org.bytedeco.ffmpeg.global.avformat.avio_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avio_context_free;
import static org.bytedeco.ffmpeg.global.avutil.AVERROR_ENOMEM;
import static org.bytedeco.ffmpeg.global.avutil.av_free;
import static org.bytedeco.ffmpeg.global.avutil.av_malloc;

import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/** A reader that finds everything in its buffer and so never calls back into Java. */
final class MemoryInput implements AutoCloseable {

    /** What FFmpeg may read beyond the end. */
    private static final int PADDING = 64;

    private final AVIOContext context;

    MemoryInput(byte[] data) {
        Pointer block = av_malloc(data.length + (long) PADDING);
        if (block == null || block.isNull()) {
            throw CodecError.of(AVERROR_ENOMEM());
        }
        BytePointer buffer = new BytePointer(block);
        buffer.capacity(data.length).put(data, 0, data.length);
        context = avio_alloc_context(buffer, data.length, 0, new Pointer(), null, null, null);
        context.buf_ptr(buffer);
        context.buf_end(buffer.getPointer(data.length));
        context.pos(data.length);
        context.seekable(AVIO_SEEKABLE_NORMAL);
    }

    AVIOContext context() {
        return context;
    }

    @Override
    public void close() {
        av_free(context.buffer());
        avio_context_free(context);
    }
}

package io.millrace.livepeer.ai;

import io.millrace.api.value.Bytes;
import io.millrace.livepeer.mapping.Malformed;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.sound.sampled.AudioFileFormat;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.UnsupportedAudioFileException;

/** How much an image or a sound is, from what its headers say: nothing is decoded. */
final class Measures {

    /** What the network says of a sound whose length cannot be told (go-livepeer: common/util.go). */
    static final String NO_DURATION = "audio duration calculation failed";

    private static final Set<String> FORMATS = Set.of("png", "jpeg");
    private static final int[] KILOBITS_1 = {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320};
    private static final int[] KILOBITS_2 = {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
    private static final int[] HERTZ = {44_100, 48_000, 32_000};
    private static final int MAX_BOXES = 10_000;

    private Measures() {}

    /** Width times height of a PNG, JPEG or GIF. */
    static long pixels(Bytes image) throws Malformed {
        ByteBuffer bytes = ByteBuffer.wrap(image.unsafeArray());
        if (isGif(bytes)) {
            // its logical screen, as the network and runners: the first frame may be smaller
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            long pixels = (long) Short.toUnsignedInt(bytes.getShort(6)) * Short.toUnsignedInt(bytes.getShort(8));
            if (pixels == 0) {
                throw new Malformed("image: unknown format");
            }
            return pixels;
        }
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(image.unsafeArray()))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new Malformed("image: unknown format");
            }
            ImageReader reader = readers.next();
            try {
                if (!FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
                    throw new Malformed("image: unknown format");
                }
                reader.setInput(in, true, true);
                return (long) reader.getWidth(0) * reader.getHeight(0);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            throw new Malformed("image: unknown format");
        }
    }

    private static boolean isGif(ByteBuffer bytes) {
        return bytes.limit() > 12 && bytes.getInt(0) == 0x47494638; // GIF8
    }

    /** Whole seconds of an MP3, MP4 or WAV, at least one. */
    static long seconds(Bytes sound) throws Malformed {
        long seconds;
        try {
            ByteBuffer bytes = ByteBuffer.wrap(sound.unsafeArray());
            seconds = isMp4(bytes) ? mp4(bytes) : isWave(bytes) ? wave(sound) : mp3(bytes);
        } catch (RuntimeException | IOException | UnsupportedAudioFileException e) {
            throw new Malformed(NO_DURATION);
        }
        if (seconds < 1) {
            throw new Malformed(NO_DURATION);
        }
        return seconds;
    }

    private static boolean isMp4(ByteBuffer bytes) {
        return bytes.limit() > 8 && bytes.getInt(4) == 0x66747970; // ftyp
    }

    private static boolean isWave(ByteBuffer bytes) {
        return bytes.limit() > 12 && bytes.getInt(0) == 0x52494646 && bytes.getInt(8) == 0x57415645; // RIFF WAVE
    }

    private static long wave(Bytes sound) throws IOException, UnsupportedAudioFileException {
        AudioFileFormat file = AudioSystem.getAudioFileFormat(new ByteArrayInputStream(sound.unsafeArray()));
        AudioFormat format = file.getFormat();
        // the header's length is only what the sender says: more than is here is not counted
        long most = format.getFrameSize() > 0 ? sound.size() / format.getFrameSize() : 0;
        return (long) (Math.min(file.getFrameLength() < 0 ? most : file.getFrameLength(), most) / format.getFrameRate());
    }

    /** By the movie header. */
    private static long mp4(ByteBuffer bytes) {
        ByteBuffer movie = box(bytes, 0x6d6f6f76); // moov
        ByteBuffer header = box(movie, 0x6d766864); // mvhd
        boolean large = header.get(0) == 1;
        long scale = header.getInt(large ? 20 : 12) & 0xffffffffL;
        long length = large ? header.getLong(24) : header.getInt(16) & 0xffffffffL;
        return scale == 0 || length < 0 ? 0 : length / scale;
    }

    /** The content of the first box of a type. */
    private static ByteBuffer box(ByteBuffer in, int type) {
        int at = 0;
        for (int i = 0; i < MAX_BOXES && at + 8 <= in.limit(); i++) {
            long size = in.getInt(at) & 0xffffffffL;
            int head = 8;
            if (size == 1 && at + 16 <= in.limit()) {
                size = in.getLong(at + 8);
                head = 16;
            } else if (size == 0) {
                size = in.limit() - at;
            }
            if (size < head || size > in.limit() - at) {
                break;
            }
            if (in.getInt(at + 4) == type) {
                return in.slice(at + head, (int) size - head);
            }
            at += (int) size;
        }
        throw new IllegalArgumentException("no such box");
    }

    /**
     * The sum of all frames, so that a rate that changes and a header that lies make no difference. What is between
     * frames is passed over byte by byte, tags too: a decoder finds the frames in a tag that says it is longer than it
     * is.
     */
    private static long mp3(ByteBuffer bytes) {
        int at = 0;
        while (at + 10 < bytes.limit() && (bytes.getInt(at) >>> 8) == 0x494433) { // ID3
            int length = 0;
            for (int i = 6; i < 10; i++) {
                length = length << 7 | bytes.get(at + i) & 0x7f;
            }
            at += 10 + length;
        }
        double seconds = 0;
        int frames = 0;
        while (at + 4 <= bytes.limit()) {
            int header = bytes.getInt(at);
            boolean first = (header >>> 19 & 3) == 3; // MPEG-1
            int rate = header >>> 10 & 3;
            int kilobits = header >>> 12 & 15;
            boolean isFrame = header >>> 21 == 0x7ff
                    && (header >>> 19 & 3) != 1
                    && (header >>> 17 & 3) == 1 // layer III
                    && rate != 3
                    && kilobits > 0
                    && kilobits < 15;
            if (!isFrame) {
                at++;
                continue;
            }
            int hertz = HERTZ[rate] >> (first ? 0 : (header >>> 19 & 3) == 2 ? 1 : 2);
            int samples = first ? 1152 : 576;
            int bits = (first ? KILOBITS_1 : KILOBITS_2)[kilobits] * 1000;
            seconds += (double) samples / hertz;
            at += samples / 8 * bits / hertz + (header >>> 9 & 1);
            frames++;
        }
        return frames < 2 ? 0 : (long) seconds;
    }
}

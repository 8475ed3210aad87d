package org.example.loudness;

import io.millrace.api.value.Bytes;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** Files of sound with a known loudness. */
final class Wav {

    private static final int RATE = 48_000;
    private static final int HEADER = 44;

    private Wav() {}

    /** A tone on both channels. */
    static Bytes tone(double hertz, double decibels, int seconds) {
        int frames = RATE * seconds;
        ByteBuffer file = ByteBuffer.allocate(HEADER + frames * 4).order(ByteOrder.LITTLE_ENDIAN);
        file.put(ascii("RIFF")).putInt(HEADER - 8 + frames * 4).put(ascii("WAVEfmt ")).putInt(16);
        file.putShort((short) 1).putShort((short) 2).putInt(RATE).putInt(RATE * 4);
        file.putShort((short) 4).putShort((short) 16).put(ascii("data")).putInt(frames * 4);
        double amplitude = Short.MAX_VALUE * Math.pow(10, decibels / 20);
        for (int i = 0; i < frames; i++) {
            short sample = (short) Math.round(amplitude * Math.sin(2 * Math.PI * hertz * i / RATE));
            file.putShort(sample).putShort(sample);
        }
        return Bytes.wrap(file.array());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}

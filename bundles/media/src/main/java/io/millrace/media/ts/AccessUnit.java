package io.millrace.media.ts;

/**
 * An access unit: a coded picture, or a coded frame of sound, in the byte stream form of its codec.
 *
 * @param picture or sound
 * @param key a decoder can begin here
 * @param dts decoding time in ticks of 90 kHz, not wrapped
 * @param pts presentation time likewise
 * @param bytes nobody changes them any more
 */
public record AccessUnit(boolean picture, boolean key, long dts, long pts, byte[] bytes) {}

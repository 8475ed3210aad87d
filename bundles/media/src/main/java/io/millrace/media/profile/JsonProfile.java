package io.millrace.media.profile;

import io.millrace.api.job.VideoProfile;
import io.millrace.api.job.VideoProfile.Chroma;
import io.millrace.api.job.VideoProfile.Container;
import io.millrace.api.job.VideoProfile.EncoderProfile;
import io.millrace.api.job.VideoProfile.VideoCodec;
import io.millrace.media.json.JsonFields;
import io.millrace.media.json.MalformedJson;
import io.millrace.media.web.GoText;
import jakarta.json.JsonArray;
import jakarta.json.JsonValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A profile as JSON has it, the same in the options file and in a push's header: right in its types,
 * its values not yet looked at. Any field may be left out.
 *
 * @param name empty for one made of size and bitrate
 * @param width pixels
 * @param height pixels
 * @param bitrate bits a second
 * @param fps frames a second, times {@code fpsDen} where that is set
 * @param fpsDen divides {@code fps}
 * @param profile H.264 profile, in any case
 * @param gop {@code intra}, or seconds between keyframes as a decimal number
 * @param encoder {@code H.264}, {@code HEVC}, {@code VP8} or {@code VP9}
 * @param colorDepth bits per sample above 8
 * @param chromaFormat 0, 1, 2 for 4:2:0, 4:2:2, 4:4:4
 * @param quality constant quality
 */
public record JsonProfile(
        String name,
        int width,
        int height,
        int bitrate,
        int fps,
        int fpsDen,
        String profile,
        String gop,
        String encoder,
        int colorDepth,
        int chromaFormat,
        int quality) {

    /** Most profiles of one stream; orchestrators of the network stop at 10. */
    public static final int MAX_PROFILES = 64;

    /** Longest name, in characters. */
    public static final int MAX_NAME = 128;

    /** What the input is called among its renditions. */
    public static final String SOURCE = "source";

    private static final long MILLIS_OF_A_SECOND = 1000;

    /**
     * Reads an array of profiles.
     *
     * @param path what error messages put before a field's name
     * @throws MalformedJson when a field has another type, or there are too many
     */
    public static List<JsonProfile> list(String path, JsonArray array) throws MalformedJson {
        if (array.size() > MAX_PROFILES) {
            throw new MalformedJson("more than " + MAX_PROFILES + " profiles");
        }
        List<JsonProfile> profiles = new ArrayList<>();
        for (JsonValue element : array) {
            JsonFields fields = JsonFields.of(path, element);
            profiles.add(new JsonProfile(
                    fields.text("name"),
                    fields.integer("width"),
                    fields.integer("height"),
                    fields.integer("bitrate"),
                    fields.unsigned("fps"),
                    fields.unsigned("fpsDen"),
                    fields.text("profile"),
                    fields.text("gop"),
                    fields.text("encoder"),
                    fields.integer("colorDepth"),
                    fields.integer("chromaFormat"),
                    fields.unsigned("quality")));
        }
        return profiles;
    }

    /** All of them checked; throws for the first that makes no sense. */
    public static List<VideoProfile> checked(List<JsonProfile> profiles) throws InvalidProfile {
        List<VideoProfile> checked = new ArrayList<>();
        for (JsonProfile profile : profiles) {
            checked.add(profile.checked());
        }
        return checked;
    }

    /**
     * The same profiles, when each has a name of its own: the name is the rendition's address. go-livepeer checks
     * nothing (core/playlistmanager.go, getOrCreatePL), and its segments overwrite each other.
     */
    public static List<VideoProfile> distinct(List<VideoProfile> profiles) throws InvalidProfile {
        Set<String> names = new HashSet<>(Set.of(SOURCE));
        for (VideoProfile profile : profiles) {
            if (!names.add(profile.name())) {
                throw new InvalidProfile(
                        profile.name().equals(SOURCE)
                                ? "a profile is named " + SOURCE + ", which is the name of the input's own playlist."
                                        + " Please give it another name"
                                : "two profiles are named " + GoText.quoted(profile.name())
                                        + ". Please give each a name of its own");
            }
        }
        return profiles;
    }

    private VideoProfile checked() throws InvalidProfile {
        if (width < 0 || height < 0 || bitrate < 0) {
            throw new InvalidProfile("invalid profile " + width + "x" + height + " at " + bitrate
                    + ". Please set width, height and bitrate to positive values");
        }
        if (name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidProfile("invalid profile name. Please use at most " + MAX_NAME
                    + " characters and no control characters");
        }
        return new VideoProfile(
                name.isEmpty() ? "custom_" + width + "x" + height + "_" + bitrate : name,
                width,
                height,
                bitrate,
                fps,
                fpsDen,
                Container.UNSET,
                encoderProfile(profile),
                gop(gop),
                codec(encoder),
                colorDepth,
                chroma(chromaFormat),
                quality);
    }

    /** {@code intra}, seconds as a decimal number, or nothing, in the unit of {@link VideoProfile#gop()}. */
    static int gop(String text) throws InvalidProfile {
        if (text.isEmpty()) {
            return VideoProfile.GOP_DEFAULT;
        }
        if (text.equals("intra")) {
            return VideoProfile.GOP_INTRA;
        }
        double seconds = seconds(text);
        if (seconds < 0) {
            throw new InvalidProfile(String.format(
                    Locale.ROOT, "invalid gop value %f. Please set it to a positive value", seconds));
        }
        double millis = seconds * MILLIS_OF_A_SECOND;
        if (!(millis <= Integer.MAX_VALUE)) {
            throw new InvalidProfile("invalid gop value " + text + ". Please set it to a number of seconds");
        }
        return (int) millis;
    }

    private static double seconds(String text) throws InvalidProfile {
        // Double.parseDouble would also take blanks and a trailing f or d
        if (text.matches("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?")) {
            return Double.parseDouble(text);
        }
        throw new InvalidProfile("cannot parse the GOP value in the transcoding options: strconv.ParseFloat: parsing \""
                + text + "\": invalid syntax");
    }

    private static EncoderProfile encoderProfile(String text) throws InvalidProfile {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "", "none" -> EncoderProfile.NONE;
            case "h264baseline" -> EncoderProfile.H264_BASELINE;
            case "h264main" -> EncoderProfile.H264_MAIN;
            case "h264high" -> EncoderProfile.H264_HIGH;
            case "h264constrainedhigh" -> EncoderProfile.H264_CONSTRAINED_HIGH;
            default ->
                throw new InvalidProfile(
                        "unable to parse the H264 encoder profile: unknown VideoProfile profile name");
        };
    }

    private static VideoCodec codec(String text) throws InvalidProfile {
        return switch (text) {
            case "", "H.264" -> VideoCodec.H264;
            case "HEVC" -> VideoCodec.H265;
            case "VP8" -> VideoCodec.VP8;
            case "VP9" -> VideoCodec.VP9;
            default ->
                throw new InvalidProfile("Unable to parse encoder profile, unknown encoder: " + text
                        + " unknown codec name");
        };
    }

    private static Chroma chroma(int number) throws InvalidProfile {
        if (number < 0 || number >= Chroma.values().length) {
            throw new InvalidProfile("invalid chromaFormat value " + number
                    + ". Please set it to 0 (4:2:0), 1 (4:2:2) or 2 (4:4:4)");
        }
        return Chroma.values()[number];
    }
}

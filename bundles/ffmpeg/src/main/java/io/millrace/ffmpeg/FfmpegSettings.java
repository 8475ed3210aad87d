package io.millrace.ffmpeg;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Settings of the transcoding pipeline. */
@ObjectClassDefinition(name = "Millrace codec", description = "Transcoding of segments with FFmpeg, in process.")
@interface FfmpegSettings {

    @AttributeDefinition(
            name = "Encoder",
            description = "What encodes: auto tries nvenc, x264 and openh264 with a real picture and takes the first"
                    + " that works.",
            options = {
                @Option(label = "the first that works", value = "auto"),
                @Option(label = "NVIDIA hardware", value = "nvenc"),
                @Option(label = "x264, in the GPL binding", value = "x264"),
                @Option(label = "OpenH264, in both bindings", value = "openh264")
            })
    String encoder() default "auto";

    @AttributeDefinition(
            name = "Preset of x264",
            description = "Preset of x264. veryfast costs half of medium, which go-livepeer uses, and looks nearly the"
                    + " same.",
            options = {
                @Option(label = "ultrafast", value = "ultrafast"),
                @Option(label = "superfast", value = "superfast"),
                @Option(label = "veryfast", value = "veryfast"),
                @Option(label = "faster", value = "faster"),
                @Option(label = "fast", value = "fast"),
                @Option(label = "medium", value = "medium"),
                @Option(label = "slow", value = "slow"),
                @Option(label = "slower", value = "slower"),
                @Option(label = "veryslow", value = "veryslow"),
                @Option(label = "placebo", value = "placebo")
            })
    String preset() default "veryfast";

    @AttributeDefinition(
            name = "Segments at once",
            description = "Segments transcoded at once; more wait in order. Each takes 100 to 250 MB of memory, within nativeMegabytes of"
                    + " io.millrace.kernel.budget. 0"
                    + " stands for the number of processors and one more. 0 to 256.",
            min = "0",
            max = "256")
    int concurrency() default 0;

    @AttributeDefinition(
            name = "Sessions at once",
            description = "Sessions at once, each with one segment that runs or waits. A guard: the orchestrator's"
                    + " own limit is meant to be lower. 1 to 10000.",
            min = "1",
            max = "10000")
    int sessions() default 100;

    @AttributeDefinition(
            name = "Megapixels of a segment",
            description = "Megapixels that one segment may have decoded and encoded for each second of its media, its"
                    + " source and all its renditions together; one that asks for more is refused. 60 pictures a second"
                    + " of 3840x2160 with a ladder below it are some 1500. 10 to 1000000.",
            min = "10",
            max = "1000000")
    int maxMegapixelsPerSecond() default 4000;

    @AttributeDefinition(
            name = "Folder of native libraries",
            description = "Absolute path of a directory for the unpacked native libraries, about 90 MB, one per node."
                    + " Empty leaves it to the launcher, or to JavaCPP (~/.javacpp/cache).")
    String cacheDirectory() default "";

    @AttributeDefinition(
            name = "Quiet time",
            description = "Seconds without work after which freed memory is given back to the system. 1 to 86400.",
            min = "1",
            max = "86400")
    int quietSeconds() default 10;

    @AttributeDefinition(
            name = "Stopping time",
            description = "Seconds that stopping waits for segments that run; they are cancelled first. 1 to 300.",
            min = "1",
            max = "300")
    int stopSeconds() default 10;
}

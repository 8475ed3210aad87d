package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avutil.AV_LOG_FATAL;
import static org.bytedeco.ffmpeg.global.avutil.LIBAVUTIL_VERSION_MAJOR;
import static org.bytedeco.ffmpeg.global.avutil.LIBAVUTIL_VERSION_MICRO;
import static org.bytedeco.ffmpeg.global.avutil.LIBAVUTIL_VERSION_MINOR;
import static org.bytedeco.ffmpeg.global.avutil.av_log_set_level;
import static org.bytedeco.ffmpeg.global.avutil.av_max_alloc;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Loads the native libraries. It sets the system properties of JavaCPP before its first class loads, since JavaCPP
 * reads them once; those that the launcher gave come first.
 */
final class NativeLibraries {

    private static final Logger LOG = LoggerFactory.getLogger(NativeLibraries.class);
    private static final String NO_POINTER_GC = "org.bytedeco.javacpp.nopointergc";
    private static final String CACHE = "org.bytedeco.javacpp.cachedir";
    private static final String PREFIX = "ffmpeg-";

    /**
     * Bytes of the largest single block that FFmpeg allocates: a rendition of 300 MB whose buffer grows by a half. It
     * holds for the whole process and not for the sum of blocks, which {@link FrameMemory} charges; x264 and zimg do
     * not ask for it. It is the last resort against a count that no check has seen.
     */
    static final long LARGEST_BLOCK = 512L << 20;

    private NativeLibraries() {}

    /**
     * Loads the natives.
     *
     * @param cacheDirectory where they are unpacked, in a directory of their version; null leaves it to JavaCPP
     */
    static void load(Path cacheDirectory) {
        // With it JavaCPP runs a thread that pins this bundle's class loader, and counts the process's
        // memory against the Java heap's limit. Everything native is freed by hand here.
        if (System.getProperty(NO_POINTER_GC) == null) {
            System.setProperty(NO_POINTER_GC, "true");
        }
        if (cacheDirectory != null && System.getProperty(CACHE) == null) {
            // Constants, so that reading them loads nothing.
            String version = PREFIX + LIBAVUTIL_VERSION_MAJOR + "." + LIBAVUTIL_VERSION_MINOR + "."
                    + LIBAVUTIL_VERSION_MICRO;
            removeOthers(cacheDirectory, version);
            System.setProperty(CACHE, cacheDirectory.resolve(version).toString());
        }
        if (cacheDirectory != null && !Path.of(System.getProperty(CACHE)).startsWith(cacheDirectory)) {
            LOG.info("Natives stay in {}; another cacheDirectory counts from the next start of the node, and only"
                    + " when the launcher names none.", System.getProperty(CACHE));
        }
        // A log callback into Java would outlive this bundle's class loader and end the process.
        av_log_set_level(AV_LOG_FATAL);
        av_max_alloc(LARGEST_BLOCK);
    }

    private static void removeOthers(Path directory, String version) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> old = Files.newDirectoryStream(directory, PREFIX + "*")) {
            for (Path path : old) {
                if (!path.getFileName().toString().equals(version)) {
                    remove(path);
                }
            }
        } catch (IOException e) {
            LOG.warn("Natives of another version were left in {}; they can be deleted by hand: {}", directory, e
                    .toString());
        }
    }

    private static void remove(Path tree) throws IOException {
        List<Path> paths;
        try (Stream<Path> walk = Files.walk(tree)) {
            paths = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : paths) {
            Files.delete(path);
        }
    }
}

package org.example.archive;

import static org.osgi.service.component.annotations.ConfigurationPolicy.REQUIRE;

import io.millrace.api.gateway.MediaInfo;
import io.millrace.api.gateway.Rendition;
import io.millrace.api.gateway.Segment;
import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.publish.Publisher;
import io.millrace.api.value.Bytes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.metatype.annotations.Designate;

/** Writes each segment to {@code <stream>/<time of its start>/<rendition>/<number>.ts}; the source is one of them. */
@Component(service = Publisher.class, configurationPid = "org.example.archive", configurationPolicy = REQUIRE)
@Designate(ocd = ArchiveSettings.class)
public final class ArchivePublisher implements Publisher {

    private static final DateTimeFormatter START =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private final Path directory;
    private final long streamBytes;
    private final InstantSource clock;

    /** Writes nothing yet. */
    @Activate
    public ArchivePublisher(ArchiveSettings settings) {
        this(Path.of(settings.directory()), (long) settings.streamMegabytes() << 20, InstantSource.system());
    }

    ArchivePublisher(Path directory, long streamBytes, InstantSource clock) {
        if (!directory.isAbsolute()) {
            throw new IllegalArgumentException("directory: '" + directory + "' is no absolute path");
        }
        this.directory = directory;
        this.streamBytes = streamBytes;
        this.clock = clock;
    }

    @Override
    public Publication open(StreamSpec stream) {
        String start = START.format(clock.instant());
        return new Recording(directory.resolve(fileName(stream.manifest().value())).resolve(start));
    }

    /** Names come from whoever sends the stream: they stay one file name, below the folder. */
    private static String fileName(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._-]", "_");
        return safe.startsWith(".") || safe.isEmpty() ? "_" + safe : safe;
    }

    /** One run of a stream. What it throws is logged once by the node, and the stream goes on. */
    private final class Recording implements Publication {
        private final Path folder;
        private long written;
        Recording(Path folder) {
            this.folder = folder;
        }

        @Override
        public void source(Segment segment, MediaInfo info) {
            write("source", segment.sequence() + info.container().extension(), segment.data());
        }

        @Override
        public void renditions(Segment segment, List<Rendition> renditions) {
            renditions.forEach(each -> write(
                    fileName(each.profile().name()), segment.sequence() + each.profile().format().extension(), each.data()));
        }

        private void write(String rendition, String name, Bytes data) {
            if (written + data.size() > streamBytes) {
                throw new IllegalStateException(folder + " is full; raise streamMegabytes to archive more of a stream");
            }
            try {
                Path file = Files.createDirectories(folder.resolve(rendition)).resolve(name);
                Path begun = Files.write(file.resolveSibling(name + ".part"), data.toArray());
                Files.move(begun, file, StandardCopyOption.ATOMIC_MOVE);
                written += data.size();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {}
    }
}

package io.millrace.ops.bundles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What lies in the deploy folders. For one thread, but {@link #watch} for any. */
final class DroppedFiles {

    private static final Pattern NO_MATTER =
            Pattern.compile("\\..*|README.*|.*(~|\\.(part|partial|tmp|filepart|crdownload|swp))");

    private volatile List<Path> folders;
    private final Consumer<String> say;
    private final Set<Path> named = new HashSet<>();

    /**
     * What tells one content of a file from the next. Builds, and copies that keep times, give two versions the
     * same time of modification, and their size may be the same; the system's own time is nobody's to set.
     */
    record Stamp(long size, FileTime modified, Optional<FileTime> changed) {

        /** Empty for a file that is not there: it went since its folder was listed. */
        static Optional<Stamp> of(Path file) throws IOException {
            try {
                boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
                return Optional.of(new Stamp(
                        Files.size(file),
                        Files.getLastModifiedTime(file),
                        unix ? Optional.of((FileTime) Files.getAttribute(file, "unix:ctime")) : Optional.empty()));
            } catch (NoSuchFileException e) {
                return Optional.empty();
            }
        }
    }

    /** {@code say} hears once of each file that is no jar. */
    DroppedFiles(List<Path> folders, Consumer<String> say) {
        this.folders = folders;
        this.say = say;
    }

    void watch(List<Path> now) {
        folders = now;
    }

    Map<Path, Stamp> jars() {
        Map<Path, Stamp> jars = new TreeMap<>();
        for (Path folder : folders) {
            try (Stream<Path> all = Files.list(folder)) {
                for (Path file : all.toList()) {
                    if (file.toString().endsWith(".jar")) {
                        Stamp.of(file).ifPresent(stamp -> jars.put(file, stamp));
                    } else if (!NO_MATTER.matcher(file.getFileName().toString()).matches() && named.add(file)) {
                        say.accept(file + " is left alone: what runs are .jar files, and settings go into config/");
                    }
                }
            } catch (NoSuchFileException | NotDirectoryException e) {
                // A folder that is not there has no files.
                continue;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        named.removeIf(Files::notExists);
        return jars;
    }

    /**
     * Copies a jar into the first folder, or over one that is there: whole or not at all.
     *
     * @param place the file to replace; empty for a new one
     * @param name of a new one, without its ending
     */
    Path keep(Path jar, Optional<Path> place, String name) throws IOException {
        Path target = place.isPresent() ? place.get() : free(name);
        Path part = target.resolveSibling("." + target.getFileName() + ".part");
        try {
            Files.copy(jar, part, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, target, java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
        return target;
    }

    private Path free(String name) throws IOException {
        List<Path> now = folders;
        if (now.isEmpty()) {
            throw new IOException("no deploy folder is set");
        }
        Path place = Files.createDirectories(now.getFirst()).resolve(name + ".jar");
        if (Files.exists(place)) {
            throw new IOException(place + " is there already");
        }
        return place;
    }
}

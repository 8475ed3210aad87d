package io.millrace.launcher;

import jakarta.json.JsonException;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.eclipse.parsson.JsonProviderImpl;

/**
 * All state of one node, and its name on this machine.
 *
 * @param directory absolute
 */
public record DataFolder(Path directory) {

    /** Locks of this process. A channel that nobody refers to is closed, and its lock with it. */
    private static final List<FileChannel> CLAIMS = new CopyOnWriteArrayList<>();

    /** The folder at this path, relative to where the user stands. */
    public static DataFolder at(String path) {
        Path directory = Path.of(path).toAbsolutePath().normalize();
        if (Files.exists(directory) && !Files.isDirectory(directory)) {
            throw new Refused(directory + " is a file, and the state of a node needs a folder: name one with --data.");
        }
        return new DataFolder(directory);
    }

    /** The one that {@code --data} names, or the one in the distribution. */
    public static DataFolder of(DistributionFolder home, Options options) {
        return options.one("--data")
                .map(DataFolder::at)
                .orElseGet(() -> new DataFolder(home.directory().resolve("data")));
    }

    /** Makes the folder and those in it, for this user only. */
    public void create() {
        try {
            for (Path folder :
                    new Path[] {directory, run(), logs(), directory.resolve("config"), directory.resolve("deploy")}) {
                Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(
                        PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw Refused.failed("The data folder " + directory + " cannot be made (" + e.getMessage()
                    + "). Free some space, or name another folder with --data.");
        }
    }

    /** What belongs to the run that is going on. */
    public Path run() {
        return directory.resolve("run");
    }

    /** Log files. */
    public Path logs() {
        return directory.resolve("logs");
    }

    /**
     * Claims the folder for this process until it ends.
     *
     * @throws Refused when another node has it
     */
    public void claim() {
        try {
            FileChannel channel =
                    FileChannel.open(run().resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw inUse();
            }
            CLAIMS.add(channel);
            Files.writeString(run().resolve("pid"), Long.toString(ProcessHandle.current().pid()));
        } catch (OverlappingFileLockException e) {
            throw inUse();
        } catch (IOException e) {
            throw Refused.failed("The data folder " + directory + " cannot be used (" + e.getMessage()
                    + "). Free some space, or name another folder with --data.");
        }
    }

    private Refused inUse() {
        return Refused.failed("Another node" + process().map(node -> " (process " + node.pid() + ")").orElse("")
                + " runs on the data folder " + directory + ". Stop it, or name another folder with --data.");
    }

    /** The node that runs on this folder. */
    public Optional<ProcessHandle> process() {
        Path pid = run().resolve("pid");
        if (!Files.exists(pid)) {
            return Optional.empty();
        }
        try {
            // The lock is tried last: tried while a node starts, it would be in that node's way.
            Optional<ProcessHandle> process = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()));
            return process.isPresent() && locked() ? process : Optional.empty();
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The process number alone may have passed to somebody else; the lock cannot. */
    private boolean locked() throws IOException {
        Path lock = run().resolve("lock");
        if (!Files.exists(lock)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            return channel.tryLock() == null;
        } catch (OverlappingFileLockException e) {
            return true;
        }
    }

    /** What the node says of itself; empty while it starts and after it stopped. */
    public Optional<JsonObject> status() {
        Path file = run().resolve("status.json");
        if (process().isEmpty() || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file);
                JsonReader reader = new JsonProviderImpl().createReader(in)) {
            return Optional.of(reader.readObject());
        } catch (JsonException | IOException e) {
            return Optional.empty();
        }
    }

    /** Writes the settings of a run where the node reads them, for this user only: they may hold secrets. */
    public Path write(Settings settings) {
        Path file = run().resolve("settings.properties");
        try {
            Files.deleteIfExists(file);
            Files.createFile(
                    file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (Writer writer = Files.newBufferedWriter(file)) {
                settings.resolved().store(writer, null);
            }
            Path launch = run().resolve("launch.properties");
            settings.launch().write(launch);
            return launch;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The settings that the node of this run was started with; empty before there was one. */
    public Properties settings() {
        Properties settings = new Properties();
        Path file = run().resolve("settings.properties");
        if (Files.isReadable(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                settings.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw Refused.failed(file + " cannot be read: " + e.getMessage());
            }
        }
        return settings;
    }

    /** Key and certificate of a server of the node that runs, or ran last. */
    Path certificate(String pid) {
        String folder = settings().getProperty(pid + "/directory", "");
        return (folder.isEmpty() ? directory.resolve("tls") : Path.of(folder)).resolve("certificate.pem");
    }

    /** Deletes the folder and all that is in it. */
    public void delete() {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.millrace.store;

import io.millrace.api.value.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The ledger of one node in one SQLite file, which nobody else may have open. */
final class SqliteLedger extends SqlLedger {

    /** The name of the file. */
    static final String FILE = "ledger.db";

    private static final int PRIMARY_CODE = 0xff;
    private static final int COMPLAINTS = 3;

    private final Path file;
    private final DataSource source;
    private final FileChannel lock;

    private SqliteLedger(Path file, DataSource source, FileChannel lock, int group) throws SQLException {
        super(source, "BEGIN IMMEDIATE", group);
        this.file = file;
        this.source = source;
        this.lock = lock;
    }

    /**
     * Opens the ledger of a directory; the first time it makes both.
     *
     * @throws Fault when it is damaged, of another version, in use or cannot be written; it says what to do
     */
    static SqliteLedger open(Path directory) {
        return open(directory, source(directory.resolve(FILE)), GROUP);
    }

    /** The same with other connections, and another number of appends that share a commit. */
    static SqliteLedger open(Path directory, DataSource source, int group) {
        Path file = directory.resolve(FILE);
        FileChannel lock = lock(directory, file);
        SqliteLedger ledger = null;
        try {
            SqliteSchema.prepare(file, source);
            mark(lock);
            ledger = new SqliteLedger(file, source, lock, group);
            return ledger;
        } catch (SQLException e) {
            throw fault(file, source, e);
        } catch (IOException e) {
            throw unwritable(directory, e);
        } finally {
            if (ledger == null) {
                unlock(lock);
            }
        }
    }

    /** Connections that write ahead and wait for the disk at each commit. */
    static DataSource source(Path file) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file.toAbsolutePath());
        return source;
    }

    /** Takes the directory for this node, and makes the file if there never was one. SQLite keeps its permissions. */
    private static FileChannel lock(Path directory, Path file) {
        FileChannel channel = null;
        boolean opened = false;
        try {
            Files.createDirectories(directory);
            channel = FileChannel.open(
                    directory.resolve(FILE + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (channel.tryLock() == null) {
                throw inUse(file);
            }
            boolean there = Files.exists(file);
            if (channel.size() > 0 && (!there || Files.size(file) == 0)) {
                throw new Fault(
                        Fault.Consequence.STOP_NODE,
                        "the ledger " + file + " is gone, and with it the winning tickets that wait in it: put it or a"
                                + " copy of it back; or remove " + file + ".lock, and a new and empty one is made");
            }
            if (!there) {
                create(file);
            }
            opened = true;
            return channel;
        } catch (OverlappingFileLockException e) {
            throw inUse(file);
        } catch (IOException e) {
            throw unwritable(directory, e);
        } finally {
            if (!opened && channel != null) {
                unlock(channel);
            }
        }
    }

    /** Says in the file of the lock that there is a ledger, so that it is not made anew when its file is gone. */
    private static void mark(FileChannel lock) throws IOException {
        if (lock.size() == 0) {
            lock.write(ByteBuffer.wrap("There is a ledger beside this file.\n".getBytes(StandardCharsets.US_ASCII)));
            lock.force(true);
        }
    }

    /** Makes an empty file that is its owner's alone where the file system knows owners. */
    static void create(Path file) throws IOException {
        Files.createFile(file);
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
            try (FileChannel directory = FileChannel.open(file.getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }

    private static Fault unwritable(Path directory, IOException cause) {
        return new Fault(
                Fault.Consequence.STOP_NODE,
                "cannot keep a ledger in " + directory + " (" + cause
                        + "): name a folder that the node may write to as directory of io.millrace.store",
                cause);
    }

    private static Fault inUse(Path file) {
        return new Fault(
                Fault.Consequence.STOP_NODE,
                "the ledger " + file + " is in use by another node: stop that one, or give this one a directory of its"
                        + " own");
    }

    private static void unlock(FileChannel lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new IllegalStateException("a lock of the ledger does not close", e);
        }
    }

    @Override
    Fault fault(SQLException failure) {
        return fault(file, source, failure);
    }

    private static Fault fault(Path file, DataSource source, SQLException failure) {
        SQLiteErrorCode code = failure instanceof SQLiteException sqlite
                ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & PRIMARY_CODE)
                : SQLiteErrorCode.UNKNOWN_ERROR;
        return switch (code) {
            case SQLITE_FULL ->
                new Fault(
                        Fault.Consequence.RETRY_HERE,
                        "there is no room for the ledger " + file + ", nothing was written: free some space on its disk",
                        failure);
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new Fault(
                        Fault.Consequence.RETRY_HERE,
                        "another program keeps the ledger " + file + " locked, nothing was written: end what it does",
                        failure);
            case SQLITE_CORRUPT, SQLITE_NOTADB ->
                new Fault(
                        Fault.Consequence.STOP_NODE,
                        "the ledger " + file + " is damaged (" + integrity(source) + ") and is left as it is. Stop the"
                                + " node, move " + FILE + ", " + FILE + "-wal and " + FILE + "-shm elsewhere together,"
                                + " and put a copy of " + FILE + " that is whole in their place",
                        failure);
            default ->
                new Fault(
                        Fault.Consequence.STOP_NODE,
                        "the ledger " + file + " cannot be used (" + failure.getMessage() + "). Look at its disk and its"
                                + " permissions and start the node again, which then finds all that was acknowledged",
                        failure);
        };
    }

    private static String integrity(DataSource source) {
        try (Connection connection = source.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA integrity_check(" + COMPLAINTS + ")")) {
            List<String> found = new ArrayList<>();
            while (row.next()) {
                found.add(row.getString(1).strip());
            }
            return "PRAGMA integrity_check: " + String.join("; ", found);
        } catch (SQLException e) {
            return "PRAGMA integrity_check: " + e.getMessage();
        }
    }

    @Override
    public void close() {
        super.close();
        unlock(lock);
    }
}

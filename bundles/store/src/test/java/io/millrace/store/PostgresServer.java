package io.millrace.store;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** A server of the system's PostgreSQL on the loopback, in a folder of its own. */
final class PostgresServer implements AutoCloseable {

    static final String USER = "ledger";

    /** Where Debian keeps the commands that it puts on no path. */
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

    private final Path commands;
    private final Path data;
    private final int port;

    private PostgresServer(Path commands, Path data, int port) {
        this.commands = commands;
        this.data = data;
        this.port = port;
    }

    /**
     * Starts one. Where there is no PostgreSQL, the test fails when the environment says {@code CI=true}, since there it
     * must be; elsewhere it is left out, and the error output says so.
     */
    static PostgresServer start(Path folder) throws IOException, InterruptedException {
        Optional<Path> commands = commands();
        if (commands.isEmpty()) {
            String text = "not on this machine: postgres, initdb and pg_ctl; install postgresql";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(text);
            }
            System.err.println("A test is LEFT OUT: " + text);
            Assumptions.abort(text);
        }
        PostgresServer server = new PostgresServer(commands.orElseThrow(), folder.resolve("data"), freePort());
        server.run("initdb", "-D", server.data.toString(), "-U", USER, "-A", "trust", "-E", "UTF8", "-N");
        server.restart();
        return server;
    }

    private static Optional<Path> commands() throws IOException {
        List<Path> folders = new ArrayList<>();
        Arrays.stream(System.getenv("PATH").split(":")).map(Path::of).forEach(folders::add);
        if (Files.isDirectory(DEBIAN)) {
            try (Stream<Path> versions = Files.list(DEBIAN)) {
                versions.map(version -> version.resolve("bin")).sorted().forEach(folders::add);
            }
        }
        return folders.stream()
                .filter(folder -> Stream.of("postgres", "initdb", "pg_ctl")
                        .allMatch(command -> Files.isExecutable(folder.resolve(command))))
                .findFirst();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts it, and ends it first, as a crash does, if it runs. The machine lives on, so it need not wait for disks. */
    void restart() throws IOException, InterruptedException {
        String options = "-p " + port + " -c fsync=off -c listen_addresses=127.0.0.1 -c unix_socket_directories=''";
        run("pg_ctl", "-D", data.toString(), "-w", "-s", "-m", "immediate", "-l", data.resolve("log").toString(), "-o",
                options, "restart");
    }

    /** The URL of one of its databases. */
    String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    /** PostgreSQL refuses to run as root, so root runs it as the user that its package makes. */
    private void run(String command, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>();
        if ("root".equals(System.getProperty("user.name"))) {
            run(List.of("chown", "-R", "postgres", data.getParent().toString()));
            line.addAll(List.of("runuser", "-u", "postgres", "--"));
        }
        line.add(commands.resolve(command).toString());
        line.addAll(List.of(arguments));
        run(line);
    }

    private void run(List<String> line) throws IOException, InterruptedException {
        Path said = Files.createTempFile("postgres", ".txt");
        try {
            int status = new ProcessBuilder(line)
                    .directory(data.getParent().toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start()
                    .waitFor();
            Assertions.assertEquals(0, status, () -> line + ": " + read(said));
        } finally {
            Files.delete(said);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() throws IOException {
        try {
            run("pg_ctl", "-D", data.toString(), "-s", "-m", "immediate", "stop");
        } catch (InterruptedException e) {
            throw new InterruptedIOException("interrupted while the server was stopped");
        }
    }
}

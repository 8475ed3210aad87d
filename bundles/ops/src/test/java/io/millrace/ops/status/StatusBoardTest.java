package io.millrace.ops.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.node.Endpoint;
import io.millrace.ops.FakeNode;
import io.millrace.testkit.ManualClock;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StatusBoardTest {

    private record Open(String name, URI uri) implements Endpoint {}

    private static final Open HTTP = new Open("http", URI.create("http://127.0.0.1:9935"));
    private static final Open ADMIN = new Open("admin", URI.create("http://127.0.0.1:5935"));

    private final FakeNode kernel = new FakeNode();
    private final Collection<Endpoint> open = new ArrayList<>();
    private final ManualClock clock = new ManualClock();
    private final List<String> said = new ArrayList<>();
    private final List<String> warned = new ArrayList<>();
    private final List<String> others = new ArrayList<>();
    private final List<String> hindered = new ArrayList<>();
    private List<Memory> budgets = List.of();

    @TempDir
    private Path directory;

    private StatusBoard board;

    @BeforeEach
    void aBoard() {
        board = board(directory.resolve("run").toString());
    }

    @Test
    void theConsoleIsNamedAsSoonAsItsServerIsOpen() {
        board.refresh();
        assertTrue(board.status().toJson().contains("\"console\":null"));
        open.add(ADMIN);
        board.refresh();
        assertTrue(board.status().toJson().contains("\"console\":\"http://127.0.0.1:5935/system/console\""));
    }

    @Test
    void budgetsAreInMegabytesAndAreNoReasonToWriteTheFileAgain() throws IOException {
        budgets = List.of(new Memory("heap", 1, 512 << 20), new Memory("native", 0, 3L << 30));
        board.refresh();
        String shown = "\"limitMegabytes\":3072";
        assertTrue(board.status().toJson().contains(shown), board.status().toJson());
        Path file = directory.resolve("run/status.json");
        String written = Files.readString(file);
        assertTrue(written.contains("\"heap\":{"), written);
        Files.writeString(file, "as it was");
        budgets = List.of(new Memory("heap", 40 << 20, 512 << 20));
        board.refresh();
        assertEquals("as it was", Files.readString(file));
        assertTrue(board.status().toJson().contains("\"usedMegabytes\":40"), board.status().toJson());
    }

    @Test
    void whatAnotherThanTheKernelNeedsKeepsItFromServing() {
        open.add(HTTP);
        open.add(ADMIN);
        board.refresh();
        assertTrue(board.status().ready());
        hindered.add("bundle io.millrace.ffmpeg 1.0.0 is INSTALLED: package a");
        board.refresh();
        assertFalse(board.status().ready());
        assertEquals(hindered, board.status().obstacles());
    }

    @Test
    void aNodeThatIsDrainedIsNeitherWholeAgainNorSuddenlyUnready() {
        open.add(HTTP);
        open.add(ADMIN);
        kernel.cautions = List.of("no orchestrator answers");
        board.refresh();
        clock.advance(StatusBoard.CAUTION);
        board.refresh();
        assertEquals(List.of("no orchestrator answers"), warned);
        said.clear();
        warned.clear();
        kernel.draining = true;
        kernel.cautions = List.of();
        kernel.obstacles = List.of("it takes nothing new");
        board.refresh();
        clock.advance(StatusBoard.CAUTION);
        board.refresh();
        kernel.kernel = false;
        board.refresh();
        clock.advance(StatusBoard.CAUTION);
        board.refresh();
        assertEquals(List.of(), said);
        assertEquals(List.of(), warned);
        assertTrue(board.status().work().draining());
    }

    @Test
    void whatOthersKnowIsShownAndLeftToThemToTell() {
        open.add(HTTP);
        open.add(ADMIN);
        others.add("a setting is refused");
        board.refresh();
        clock.advance(StatusBoard.CAUTION);
        board.refresh();
        assertEquals(List.of("a setting is refused"), board.status().cautions());
        assertTrue(board.status().ready());
        assertEquals(List.of(), warned);
    }

    @Test
    void aNodeIsReadyOnceItsPortsAreOpenAndNothingIsInTheWay() {
        kernel.obstacles = List.of("no pipeline");
        open.add(ADMIN);
        board.refresh();
        assertEquals(List.of("the http port is not open", "no pipeline"), board.status().obstacles());
        open.add(HTTP);
        board.refresh();
        assertEquals(List.of("no pipeline"), board.status().obstacles());
        assertEquals(List.of(), said);
        kernel.obstacles = List.of();
        board.refresh();
        assertTrue(board.status().ready());
        assertEquals(
                List.of("gateway ready on http://127.0.0.1:9935, page http://127.0.0.1:5935 (1234 ms after start)"), said);
    }

    @Test
    void whatOnlyLimitsANodeIsNotInTheWayAndIsToldOnceWhenItLasts() {
        open.addAll(List.of(HTTP, ADMIN));
        kernel.cautions = List.of("no orchestrator answers");
        board.refresh();
        assertTrue(board.status().ready());
        assertEquals(List.of(), warned);
        clock.advance(StatusBoard.CAUTION);
        board.refresh();
        board.refresh();
        assertEquals(List.of("no orchestrator answers"), warned);
        kernel.cautions = List.of();
        board.refresh();
        assertEquals("gateway has all that it needs again", said.getLast());
    }

    @Test
    void aNodeWithoutAKernelIsNotReady() {
        open.addAll(List.of(HTTP, ADMIN));
        kernel.kernel = false;
        board.refresh();
        assertEquals(List.of("the kernel is not running"), board.status().obstacles());
    }

    @Test
    void theFileFollowsTheNode() throws IOException {
        board.refresh();
        assertTrue(file().contains("\"ready\":false"), file());
        open.addAll(List.of(ADMIN, HTTP));
        board.refresh();
        assertEquals(
                "{\"role\":\"gateway\",\"version\":\"0.1.0\",\"pid\":42,\"ready\":true,\"data\":\"state\",\"addresses\":"
                        + "{\"http\":\"http://127.0.0.1:9935\",\"admin\":\"http://127.0.0.1:5935\"},"
                        + "\"console\":\"http://127.0.0.1:5935/system/console\",\"obstacles\":[],\"cautions\":[],"
                        + "\"draining\":false,\"streams\":0,\"sessions\":0,\"maxSessions\":0,\"budgets\":{}}\n",
                file());
        try (var files = Files.list(directory.resolve("run"))) {
            assertEquals(1, files.count(), "nothing half-written is left");
        }
        board.close();
        assertFalse(Files.exists(directory.resolve("run/status.json")));
    }

    @Test
    void aFileThatWasTakenAwayIsWrittenWithTheNextChange() throws IOException {
        board.refresh();
        Files.delete(directory.resolve("run/status.json"));
        open.add(HTTP);
        board.refresh();
        assertTrue(file().contains("9935"));
    }

    @Test
    void aShortGapIsNoWarningALongOneIs() {
        open.addAll(List.of(HTTP, ADMIN));
        board.refresh();
        open.remove(HTTP);
        board.refresh();
        open.add(HTTP);
        board.refresh();
        assertEquals(List.of(), warned);
        open.remove(HTTP);
        board.refresh();
        clock.advance(StatusBoard.PATIENCE);
        board.refresh();
        board.refresh();
        assertEquals(List.of("gateway is no longer ready: the http port is not open"), warned);
        open.add(HTTP);
        board.refresh();
        assertEquals(2, said.size(), "the return is told as well");
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsToldOnce() throws IOException {
        Path blocked = Files.writeString(directory.resolve("blocked"), "a file");
        StatusBoard hindered = board(blocked.toString());
        hindered.refresh();
        hindered.refresh();
        assertEquals(1, warned.size());
        assertTrue(warned.getFirst().startsWith("cannot write " + blocked.resolve("status.json")), warned.getFirst());
    }

    @Test
    void withoutADirectoryNothingIsWritten() {
        StatusBoard silent = board("");
        silent.refresh();
        silent.close();
        assertEquals(List.of(), warned);
    }

    private String file() throws IOException {
        return Files.readString(directory.resolve("run/status.json"));
    }

    private StatusBoard board(String where) {
        return new StatusBoard(
                new StatusBoard.Identity("gateway", "0.1.0", 42, "state", List.of("http", "admin")),
                () -> open,
                kernel::control,
                new NodeChecks() {
                    @Override
                    public List<String> cautions() {
                        return others;
                    }

                    @Override
                    public List<String> obstacles() {
                        return hindered;
                    }
                },
                server -> Optional.of(server.resolve("/system/console")),
                () -> budgets,
                new StatusFile(where),
                clock,
                () -> Duration.ofMillis(1234).toMillis(),
                said::add,
                warned::add);
    }
}

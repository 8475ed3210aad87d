package io.millrace.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class CommandsTest {

    private static final Command RUN = new Command("run", "ROLE", "A node", "--data DIR  its folder\n", (h, w) -> 0);
    private static final Command PREPARE = new Command("prepare", "", "Faster starts", "", (h, w) -> 0);
    private static final Commands COMMANDS = new Commands(List.of(RUN, PREPARE));

    @Test
    void eachIsALineOfTheOverview() {
        String overview = COMMANDS.overview(List.of("gateway", "orchestrator"));
        assertTrue(overview.contains("\n  run      A node\n  prepare  Faster starts\n"), overview);
        assertTrue(overview.contains("gateway, orchestrator"), overview);
    }

    @Test
    void eachExplainsItself() {
        assertEquals("Usage: millrace run ROLE\n\nA node.\n\n--data DIR  its folder\n", RUN.help());
        assertEquals("Usage: millrace prepare\n\nFaster starts.\n", PREPARE.help());
    }

    @Test
    void oneThatIsNotThereIsRefusedWithTheNearest() {
        assertSame(RUN, COMMANDS.named("run"));
        Refused refused = assertThrows(Refused.class, () -> COMMANDS.named("rum"));
        assertTrue(refused.getMessage().contains("Did you mean run?"), refused.getMessage());
        assertEquals(2, refused.exitCode());
    }

    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        String table = new Table("NAME", "N", "REST").row("a", "1000", "x").row("longer", "2", "").toString();
        assertEquals("NAME    N     REST\na       1000  x\nlonger  2\n", table.replace(System.lineSeparator(), "\n"));
    }
}

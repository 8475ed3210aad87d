package io.millrace.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerComponentTest {

    @TempDir
    Path directory;

    private record Settings(String directory, String database, String user, String password) implements StoreSettings {
        @Override
        public Class<? extends Annotation> annotationType() {
            return StoreSettings.class;
        }
    }

    @Test
    void itKeepsTheLedgerInTheFolder() {
        Settings settings = new Settings(directory.resolve("ledger").toString(), "", "", "");
        LedgerComponent component = new LedgerComponent(settings);
        assertTrue(component.append(Samples.NOON, Samples.ticket(1)));
        component.close();
        assertTrue(Files.exists(directory.resolve("ledger/ledger.db")));
        LedgerComponent next = new LedgerComponent(settings);
        assertEquals(Samples.VALUE, next.balance(Samples.KEY).orElseThrow().amount());
        next.close();
    }

    @Test
    void aSettingThatMakesNoSenseIsNamed() {
        assertRefused(new Settings("", "", "", ""), "directory is an absolute path");
        assertRefused(new Settings("ledger", "", "", ""), "directory is an absolute path");
        assertRefused(new Settings("", "mysql://there/ledger", "", ""), "database is jdbc:postgresql:");
        assertRefused(
                new Settings("", "jdbc:postgresql://127.0.0.1:1/ledger", "", "file:" + directory.resolve("none")),
                "password cannot be used");
    }

    private static void assertRefused(Settings settings, String words) {
        IllegalArgumentException refusal =
                assertThrows(IllegalArgumentException.class, () -> new LedgerComponent(settings));
        assertTrue(refusal.getMessage().contains(words), refusal.getMessage());
    }
}

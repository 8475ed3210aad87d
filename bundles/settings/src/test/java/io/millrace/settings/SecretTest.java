package io.millrace.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretTest {

    private static final Setting SECRET = Samples.schema().setting(Samples.MILL, "secret").orElseThrow();

    @TempDir
    Path folder;

    @Test
    void aSecretIsReadWhereItIsKept() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), "open sesame\n");
        assertEquals("open sesame", Secret.resolved(SECRET, "file:" + file));
        assertEquals("plain", Secret.resolved(SECRET, "plain"));
    }

    @Test
    void aReferenceToNothingIsAProblemThatNamesIt() {
        Path file = folder.resolve("missing");
        String said = assertThrows(IOException.class, () -> Secret.resolved(SECRET, "file:" + file)).getMessage();
        assertTrue(said.startsWith("file:" + file), said);
        assertThrows(IOException.class, () -> Secret.resolved(SECRET, "file:relative"));
        assertFalse(new SettingsCheck(Samples.schema()).one(Samples.MILL, "secret", "file:" + file).isEmpty());
    }

    @Test
    void eachLineOfAFileIsAValueOfAList() throws IOException {
        Path file = Files.writeString(folder.resolve("keys"), "a=1\nb=2\n");
        Setting list = Samples.schema().setting(Samples.MILL, "ports").orElseThrow();
        assertEquals("a=1,b=2", Secret.resolved(list, "file:" + file));
    }

    @Test
    void onlyAReferenceIsShown() {
        assertEquals("file:/key", Secret.shown("file:/key"));
        assertEquals("set", Secret.shown("open sesame"));
        assertEquals("", Secret.shown(""));
    }
}

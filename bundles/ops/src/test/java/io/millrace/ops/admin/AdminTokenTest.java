package io.millrace.ops.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTokenTest {

    @TempDir
    Path folder;

    @Test
    void whoCanReadTheFileIsTheOperator() throws IOException {
        AdminToken token = new AdminToken(folder.toString());
        String secret = Files.readString(file());
        assertTrue(token.permits("Bearer " + secret));
        assertTrue(token.permits("bearer  " + secret));
        assertFalse(token.permits(null));
        assertFalse(token.permits(""));
        assertFalse(token.permits("Bearer "));
        assertFalse(token.permits("Bearer " + secret.substring(1)));
        assertFalse(token.permits("Basic " + secret));
        assertTrue(token.hint().contains(file().toString()));
    }

    @Test
    void nobodyElseCanReadIt() throws IOException {
        Files.writeString(file(), "of an earlier run");
        new AdminToken(folder.toString());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file())));
    }

    @Test
    void eachRunHasItsOwn() throws IOException {
        AdminToken first = new AdminToken(folder.toString());
        String old = Files.readString(file());
        AdminToken second = new AdminToken(folder.toString());
        assertNotEquals(old, Files.readString(file()));
        assertFalse(second.permits("Bearer " + old));
        first.forget();
        assertTrue(Files.exists(file()), "the later run's file is not the earlier one's to take away");
        second.forget();
        assertFalse(Files.exists(file()));
    }

    @Test
    void withoutAFolderNobodyIs() {
        AdminToken token = new AdminToken("");
        assertFalse(token.permits("Bearer "));
        assertFalse(token.permits(null));
    }

    private Path file() {
        return folder.resolve("admin.token");
    }
}

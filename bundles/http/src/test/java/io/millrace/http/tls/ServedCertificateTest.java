package io.millrace.http.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.cert.Certificate;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServedCertificateTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");

    @TempDir
    Path directory;

    private ServedCertificate served;
    private Certificate first;

    @BeforeEach
    void start() throws Exception {
        served = new ServedCertificate(new CertificateFile(directory, "node.example", InstantSource.fixed(NOW)));
        served.factory().start();
        first = certificate();
    }

    @AfterEach
    void stop() throws Exception {
        served.factory().stop();
    }

    @Test
    void aRenewedFileIsTakenOnceItIsAtRest() throws Exception {
        KeyMaterial next = SelfSigned.create("node.example", NOW);
        put(Pem.write(next), 1);
        served.check();
        assertEquals(first, certificate());
        put(Pem.write(next), 2);
        served.check();
        assertEquals(first, certificate());
        served.check();
        assertEquals(next.certificate(), certificate());
    }

    @Test
    void aFileThatCannotBeUsedLeavesTheOneBefore() throws Exception {
        put("nonsense", 1);
        look();
        assertEquals(first, certificate());
        KeyMaterial next = SelfSigned.create("node.example", NOW);
        put(Pem.write(next), 2);
        look();
        assertEquals(next.certificate(), certificate());
    }

    @Test
    void aFileThatIsRemovedIsMissedByNobody() throws Exception {
        Files.delete(directory.resolve(CertificateFile.NAME));
        look();
        assertEquals(first, certificate());
    }

    private void look() {
        for (int i = 0; i < 3; i++) {
            served.check();
        }
    }

    private void put(String content, int second) throws Exception {
        Path file = Files.writeString(directory.resolve(CertificateFile.NAME), content);
        Files.setLastModifiedTime(file, FileTime.from(NOW.plusSeconds(second)));
    }

    private Certificate certificate() throws Exception {
        return served.factory().getKeyStore().getCertificate("node");
    }
}

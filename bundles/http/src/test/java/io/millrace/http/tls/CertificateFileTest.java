package io.millrace.http.tls;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateFileTest {

    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final int DNS_NAME = 2;
    private static final int IP_ADDRESS = 7;

    @TempDir
    Path directory;

    @Test
    void aCertificateIsMadeOnceAndKept() throws Exception {
        KeyMaterial made = file("node.example", NOW).load();
        KeyMaterial kept = file("node.example", NOW.plus(Duration.ofDays(365))).load();
        assertEquals(made.certificate(), kept.certificate());
        assertEquals(made.key(), kept.key());
    }

    @Test
    void itsFileIsForItsOwnerOnly() throws Exception {
        file("node.example", NOW).load();
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("certificate.pem"))));
        try (var files = Files.list(directory)) {
            assertEquals(1, files.count());
        }
    }

    @Test
    void aMissingDirectoryIsMade() {
        var deep = directory.resolve("a/b");
        new CertificateFile(deep, "node.example", InstantSource.fixed(NOW)).load();
        assertTrue(Files.exists(deep.resolve("certificate.pem")));
    }

    // The same as go-livepeer's: P-256, a CA, for signatures of servers, with random serial.
    @Test
    void itIsWhatPeersKnow() throws Exception {
        X509Certificate certificate = file("node.example", NOW).load().certificate();
        assertEquals("SHA256withECDSA", certificate.getSigAlgName());
        assertEquals("EC", certificate.getPublicKey().getAlgorithm());
        assertEquals(3, certificate.getVersion());
        assertEquals(Integer.MAX_VALUE, certificate.getBasicConstraints());
        boolean[] usage = certificate.getKeyUsage();
        assertTrue(usage[0] && usage[5]);
        assertEquals(List.of("1.3.6.1.5.5.7.3.1"), certificate.getExtendedKeyUsage());
        assertEquals(List.of(List.of(DNS_NAME, "node.example")), List.copyOf(certificate.getSubjectAlternativeNames()));
        certificate.checkValidity(java.util.Date.from(NOW));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "203.0.113.7", "2001:db8:0:0:0:0:0:1"})
    void anAddressIsNamedBothWays(String address) throws Exception {
        X509Certificate certificate = file(address, NOW).load().certificate();
        assertEquals(
                List.of(List.of(DNS_NAME, address), List.of(IP_ADDRESS, address)),
                List.copyOf(certificate.getSubjectAlternativeNames()));
    }

    @Test
    void anotherHostGetsAnotherCertificate() {
        KeyMaterial old = file("old.example", NOW).load();
        KeyMaterial young = file("young.example", NOW).load();
        assertNotEquals(old.certificate(), young.certificate());
        assertEquals(young.certificate(), file("young.example", NOW).load().certificate());
    }

    @Test
    void oneThatIsAboutToEndIsReplaced() {
        KeyMaterial old = file("node.example", NOW).load();
        Instant end = old.certificate().getNotAfter().toInstant();
        Duration before = CertificateFile.RENEWED_BEFORE_END;
        assertEquals(
                old.certificate(),
                file("node.example", end.minus(before).minusSeconds(1)).load().certificate());
        assertNotEquals(
                old.certificate(), file("node.example", end.minus(before)).load().certificate());
    }

    @Test
    void anOperatorsOwnIsUsedAsItIs() throws Exception {
        KeyMaterial own = fromKeytool();
        Files.writeString(directory.resolve("certificate.pem"), "A comment.\n" + Pem.write(own));
        KeyMaterial loaded = file("another.example", NOW.plus(Duration.ofDays(100_000))).load();
        assertEquals(own.certificate(), loaded.certificate());
        assertArrayEquals(own.key().getEncoded(), loaded.key().getEncoded());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "",
        "nonsense",
        "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        "-----BEGIN CERTIFICATE-----\nA=A\n-----END CERTIFICATE-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n"
    })
    void aDamagedFileIsNamedAndNeverOverwritten(String content) throws Exception {
        Path pem = Files.writeString(directory.resolve("certificate.pem"), content);
        var problem = assertThrows(UnusableCertificate.class, () -> file("node.example", NOW).load());
        assertTrue(problem.getMessage().contains(pem.toString()), problem.getMessage());
        assertTrue(problem.getMessage().contains("remove it"), problem.getMessage());
        assertEquals(content, Files.readString(pem));
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws Exception {
        KeyMaterial one = SelfSigned.create("one.example", NOW);
        KeyMaterial two = SelfSigned.create("two.example", NOW);
        Files.writeString(
                directory.resolve("certificate.pem"), Pem.write(new KeyMaterial(one.key(), two.chain())));
        var problem = assertThrows(UnusableCertificate.class, () -> file("two.example", NOW).load());
        assertTrue(problem.getMessage().contains("does not belong"), problem.getMessage());
    }

    @Test
    void aDirectoryThatCannotBeWrittenIsNamed() throws IOException {
        Path occupied = Files.writeString(directory.resolve("occupied"), "a file");
        var certificates = new CertificateFile(occupied, "node.example", InstantSource.fixed(NOW));
        var problem = assertThrows(UnusableCertificate.class, certificates::load);
        assertTrue(problem.getMessage().contains("'directory'"), problem.getMessage());
        assertTrue(problem.getMessage().contains(occupied.toString()), problem.getMessage());
    }

    private CertificateFile file(String host, Instant now) {
        return new CertificateFile(directory, host, InstantSource.fixed(now));
    }

    /** A certificate of another make and another algorithm. */
    private KeyMaterial fromKeytool() throws Exception {
        Path store = directory.resolve("store.p12");
        String password = "only-for-this-test";
        var keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                        "-genkeypair", "-alias", "own", "-keyalg", "RSA", "-keysize", "2048", "-dname", "CN=own.example",
                        "-storetype", "PKCS12", "-keystore", store.toString(), "-storepass", password)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, keytool.waitFor());
        var keys = KeyStore.getInstance(store.toFile(), password.toCharArray());
        Files.delete(store);
        return new KeyMaterial(
                (PrivateKey) keys.getKey("own", password.toCharArray()),
                List.of((X509Certificate) keys.getCertificate("own")));
    }
}

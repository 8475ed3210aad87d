package io.millrace.launcher.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.launcher.DataFolder;
import io.millrace.launcher.DistributionFolder;
import io.millrace.launcher.Feature;
import io.millrace.launcher.doctor.DoctorCommand.Node;
import io.millrace.launcher.doctor.Finding.Level;
import jakarta.json.JsonObject;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExaminationsTest {

    private static final String SERVICE = "io.millrace.http~service/";

    @TempDir
    private Path folder;

    private final Properties settings = new Properties();

    private Node node(String status) {
        Optional<JsonObject> json = status.isEmpty()
                ? Optional.empty()
                : Optional.of(new JsonProviderImpl().createReader(new StringReader(status)).readObject());
        return new Node(
                new DistributionFolder(folder), new DataFolder(folder.resolve("data")), new Feature("x", Map.of(), Map.of()), settings, json);
    }

    private Node node() {
        return node("");
    }

    @Test
    void aPortThatIsTakenIsAFailureUnlessTheNodeHasIt() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            settings.setProperty("io.millrace.http~admin/address", address);
            Finding finding = Network.ports(node()).getFirst();
            assertEquals(Level.FAIL, finding.level());
            assertEquals("port admin", finding.what());
            assertTrue(finding.says().contains(address), finding.says());
            String running = "{\"addresses\":{\"admin\":\"http://" + address + "\"}}";
            assertEquals(Level.OK, Network.ports(node(running)).getFirst().level());
        }
    }

    @Test
    void aPortThatTheNodeDidNotOpenOrDoesNotAnswerIsAFailure() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        settings.setProperty("io.millrace.http~admin/address", "127.0.0.1:" + port);
        assertEquals(Level.OK, Network.ports(node()).getFirst().level());
        assertEquals(Level.FAIL, Network.ports(node("{\"addresses\":{}}")).getFirst().level());
        String running = "{\"addresses\":{\"admin\":\"http://127.0.0.1:" + port + "\"}}";
        assertEquals(Level.FAIL, Network.ports(node(running)).getFirst().level());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "nowhere", "127.0.0.1:99999", "127.0.0.1:"})
    void anAddressThatIsNoneIsAFailure(String address) {
        settings.setProperty("io.millrace.media.rtmp/address", address);
        assertEquals(Level.FAIL, Network.ports(node()).getFirst().level());
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1:8935, WARN", "localhost:8935, WARN", "[::1]:8935, WARN", "orchestrator.example:8935, OK"})
    void anOrchestratorThatOnlyThisMachineReachesIsToldSo(String uri, Level level) {
        settings.setProperty(SERVICE + "address", "127.0.0.1:0");
        settings.setProperty("io.millrace.kernel.orchestrator/serviceUri", "https://" + uri);
        assertEquals(level, Network.ports(node()).getLast().level());
    }

    @Test
    void aCertificateThatIsNotThereYetIsMadeLater() {
        settings.setProperty(SERVICE + "tls", "true");
        settings.setProperty(SERVICE + "directory", folder.toString());
        assertEquals(Level.OK, Network.certificates(node()).getFirst().level());
    }

    @Test
    void aCertificateThatCannotBeReadIsAFailure() throws IOException {
        settings.setProperty(SERVICE + "tls", "true");
        settings.setProperty(SERVICE + "directory", folder.toString());
        Files.writeString(folder.resolve("certificate.pem"), "-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n");
        assertEquals(Level.FAIL, Network.certificates(node()).getFirst().level());
        Files.writeString(folder.resolve("certificate.pem"), "nothing");
        assertEquals(Level.FAIL, Network.certificates(node()).getFirst().level());
    }

    @Test
    void aServerWithoutEncryptionNeedsNoCertificate() {
        settings.setProperty("io.millrace.http~admin/tls", "false");
        assertEquals(List.of(), Network.certificates(node()));
    }

    @Test
    void aFolderIsLookedAtBeforeItIsThere() {
        assertEquals("data folder", Machine.disk(node()).getFirst().what());
        assertFalse(Files.exists(folder.resolve("data")), "a doctor leaves nothing behind");
    }

    @Test
    void aFileWhereAFolderShouldBeIsAFailure() throws IOException {
        Files.writeString(folder.resolve("data"), "");
        assertEquals(Level.FAIL, Machine.disk(node()).getFirst().level());
    }

    @Test
    void aNodeThatLeftItsStatusBehindWasKilled() throws IOException {
        assertEquals(Level.OK, node().itself().getFirst().level());
        node().data().create();
        Files.writeString(node().data().run().resolve("status.json"), "{}");
        assertEquals(Level.WARN, node().itself().getFirst().level());
    }

    @Test
    void whatTheRunningNodeSaysIsPassedOn() {
        List<Finding> findings = node("{\"pid\":1,\"obstacles\":[\"no pipeline\"],\"cautions\":[\"nobody answers\"]}").itself();
        assertEquals(List.of(Level.FAIL, Level.WARN), findings.stream().map(Finding::level).toList());
        assertEquals(List.of("no pipeline", "nobody answers"), findings.stream().map(Finding::says).toList());
        assertEquals(
                Level.OK,
                node("{\"pid\":1,\"obstacles\":[],\"cautions\":[]}").itself().getFirst().level());
    }

    @Test
    void anIncompleteDistributionIsAFailure() {
        Node complete = node();
        Node incomplete = new Node(
                complete.home(), complete.data(), new Feature("x", Map.of("kernel", 1), Map.of()), settings, Optional.empty());
        assertEquals(Level.OK, complete.distribution().getFirst().level());
        assertEquals(Level.FAIL, incomplete.distribution().getFirst().level());
    }
}

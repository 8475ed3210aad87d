package io.millrace.arbitrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Settlement.Redemption.Reason;
import io.millrace.api.payment.Settlement.Redemption.Refused;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArbitrumSettlementComponentTest {

    private static ArbitrumConfiguration with(Map<String, Object> values) {
        return (ArbitrumConfiguration) Proxy.newProxyInstance(
                ArbitrumConfiguration.class.getClassLoader(),
                new Class<?>[] {ArbitrumConfiguration.class},
                (proxy, method, arguments) -> values.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    private static ArbitrumSettlement.Settings settings(Map<String, Object> values) {
        return ArbitrumSettlementComponent.settings(with(values));
    }

    private static String refusal(Map<String, Object> values) {
        return assertThrows(IllegalArgumentException.class, () -> settings(values)).getMessage();
    }

    @Test
    void oneNodeIsEnough() {
        ArbitrumSettlement.Settings settings = settings(Map.of("urls", new String[] {"http://127.0.0.1:8545"}));
        assertEquals("0xD8E8328501E9645d16Cf49539efC04f734606ee4", settings.controller().checksummed());
        assertEquals(Duration.ofSeconds(5), settings.poll());
        assertEquals(Duration.ofMinutes(15), settings.maxAge());
        assertEquals(0, settings.rpc().chainId());
        assertFalse(settings.rpc().crossCheck());
    }

    @Test
    void severalNodesAreAListOrSeparatedByCommasAndMayBeInAFile(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("url"), "https://node/v3/key\n");
        assertEquals(
                List.of(URI.create("http://a:1"), URI.create("http://b:2"), URI.create("https://node/v3/key")),
                settings(Map.of("urls", new String[] {"http://a:1, http://b:2", "file:" + file})).rpc().urls());
    }

    @Test
    void whatCannotBeUsedIsNamed() {
        String[] one = {"http://127.0.0.1:8545"};
        assertTrue(refusal(Map.of()).contains("urls is empty"));
        assertTrue(refusal(Map.of("urls", one, "crossCheck", true)).contains("takes two"));
        assertTrue(refusal(Map.of("urls", one, "controller", "0x12")).contains("controller is no address: 0x12"));
        assertTrue(refusal(Map.of("urls", one, "pollSeconds", 0)).contains("pollSeconds is from 1 to 60, not 0"));
        String secret = refusal(Map.of("urls", new String[] {"wss://node/secret"}));
        assertTrue(secret.contains("no http or https address"), secret);
        assertFalse(secret.contains("secret"));
    }

    @Test
    void dutiesAreOffUntilTheyAreSet() {
        assertEquals(
                new Duties.Settings(false, Duration.ofSeconds(30), false),
                ArbitrumSettlementComponent.duties(with(Map.of())));
        assertEquals(
                new Duties.Settings(true, Duration.ZERO, true),
                ArbitrumSettlementComponent.duties(
                        with(Map.of("initializeRound", true, "initializeRoundMaxDelaySeconds", 0, "reward", true))));
        Map<String, Object> tooLong = Map.of("initializeRoundMaxDelaySeconds", 3601);
        assertThrows(IllegalArgumentException.class, () -> ArbitrumSettlementComponent.duties(with(tooLong)));
    }

    @Test
    void itStartsWhereNothingAnswersAndHasNoAccountUntilThereIsAWallet() {
        ArbitrumSettlementComponent component =
                new ArbitrumSettlementComponent(with(Map.of("urls", new String[] {"http://127.0.0.1:1"})));
        try {
            assertThrows(Fault.class, () -> component.state(Tickets.soon()));
            var winner = Tickets.winner(
                    TestChain.SENDER, TestChain.ORCHESTRATOR.address(), Tickets.FACE_VALUE, 1, Bytes.wrap(new byte[32]));
            Refused refused = new Refused(Reason.NOT_NOW, "there is no account to send from");
            assertEquals(refused, component.redeem(winner, Tickets.soon()));
            Wallet wallet = TestChain.REDEEMER;
            component.bindWallet(wallet);
            assertThrows(Fault.class, () -> component.redeem(winner, Tickets.soon()));
            component.unbindWallet(TestChain.STRANGER);
            assertThrows(Fault.class, () -> component.redeem(winner, Tickets.soon()));
            component.unbindWallet(wallet);
            assertEquals(refused, component.redeem(winner, Tickets.soon()));
        } finally {
            component.close();
        }
    }
}

package io.millrace.ops.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.ChainAccount.Action;
import io.millrace.api.payment.ChainAccount.Plan;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Wei;
import io.millrace.ops.AdminServer;
import io.millrace.ops.FakeNode;
import io.millrace.ops.web.Right;
import io.millrace.testkit.InMemoryChainAccount;
import io.millrace.testkit.InMemorySettlement;
import io.millrace.testkit.InMemoryWallet;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountServletTest {

    private static final String TOKEN = "Bearer right";

    private final InMemoryWallet.Registry registry = new InMemoryWallet.Registry();
    private final InMemoryWallet hot = registry.wallet("hot");
    private final Address cold = registry.wallet("cold").address();
    private final InMemoryChainAccount account = new InMemoryChainAccount(hot.address(), BigInteger.TEN.pow(21));
    private final AccountServlet servlet = new AccountServlet(new FakeNode(), new Right(TOKEN));
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        server = new AdminServer(0, Map.of("/api/account/*", servlet));
        servlet.bindAccount(account);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        return server.post("/api/account" + path, "text/plain", body, "Authorization", TOKEN);
    }

    private void assertAnswer(int status, String words, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode(), answer.body());
        assertTrue(answer.body().contains(words), answer.body());
    }

    @Test
    void anActionIsShownWithItsCostAndDoneOnceItIsAskedFor() throws Exception {
        assertAnswer(200, "\"signer\":\"" + hot.address().checksummed() + "\"", post("/plan", "bond 700"));
        assertFalse(account.read(soon()).orchestrator().registered());
        assertAnswer(200, "done for ", post("/do", "bond 700"));
        assertTrue(account.read(soon()).orchestrator().registered());
        assertAnswer(200, "\"registered\":true", server.get("/api/account"));
        assertAnswer(200, "done for ", post("/do", "commission 12.5 3"));
        assertEquals(BigInteger.valueOf(125_000), account.read(soon()).orchestrator().rewardCut());
        assertAnswer(200, "there is nothing to do: it does so already", post("/do", "commission 12.5 3"));
        assertAnswer(409, "amount is greater than bonded amount", post("/do", "unbond 701"));
    }

    @Test
    void whatTakesAKeyThatIsElsewhereIsRefusedWrittenOutSignedAndSent() throws Exception {
        account.orchestrator(cold);
        assertAnswer(409, "account " + cold.checksummed() + " has to sign it", post("/do", "bond 700"));
        assertFalse(account.read(soon()).orchestrator().registered());
        HttpResponse<String> written = post("/unsigned", "bond 700");
        assertAnswer(200, "\"from\":\"" + cold.checksummed() + "\"", written);
        for (String field : List.of(
                "\"type\":\"0x2\"", "\"chainId\":\"0x7a69\"", "\"to\":\"0x", "\"nonce\":\"0x0\"", "\"value\":\"0x0\"",
                "\"data\":\"0x", "\"gas\":\"0x", "\"maxFeePerGas\":\"0x", "\"maxPriorityFeePerGas\":\"0x")) {
            assertTrue(written.body().contains(field), field + " in " + written.body());
        }
        Plan plan = account.plan(new Action.Bond(BigInteger.TEN.pow(18).multiply(BigInteger.valueOf(700)), cold), soon());
        String signed = "0x" + account.signed(account.unsigned(plan, soon()).getFirst()).hex();
        assertAnswer(200, "done for ", post("/send", signed + "\n"));
        assertTrue(account.read(soon()).orchestrator().registered());
        assertAnswer(200, "\"orchestrator\":\"" + cold.checksummed() + "\"", server.get("/api/account"));
    }

    @Test
    void wordsThatMakeNoSenseAreRefusedWithWhatIsMeant() throws Exception {
        assertAnswer(400, "; it does bond, unbond", post("/plan", "steal"));
        assertAnswer(400, "; it does bond, unbond", post("/plan", ""));
        assertAnswer(400, "an amount of LPT, with 18 decimals at most is missing", post("/do", "bond"));
        assertAnswer(400, "'-1' is not an amount of LPT", post("/do", "bond -1"));
        assertAnswer(400, "'1e3' is not an amount of LPT", post("/do", "bond 1e3"));
        assertAnswer(400, "'0.0000000000000000001' is not an amount", post("/do", "bond 0.0000000000000000001"));
        assertAnswer(400, "'0x12' is not an account", post("/do", "bond 1 0x12"));
        assertAnswer(400, "is too many", post("/do", "reward now"));
        assertAnswer(400, "a percentage is from 0 to 100", post("/do", "commission 100.1 1"));
        assertAnswer(400, "'ftp://a' is not an address", post("/do", "service-uri ftp://a"));
        assertAnswer(400, "longer than 4096 bytes", post("/do", "bond " + "1".repeat(5000)));
        assertAnswer(400, "line 1 is no signed transaction", post("/send", "{}"));
        assertAnswer(400, "at most 16 transactions", post("/send", "0x02\n".repeat(17)));
        assertAnswer(400, "longer than 1048576 bytes", post("/send", "0".repeat((1 << 20) + 1)));
        assertEquals(404, post("/other", "").statusCode());
    }

    @Test
    void nobodyWithoutTheRightChangesAnythingOrLearnsWhatWouldBeSigned() throws Exception {
        for (String path : List.of("/plan", "/do", "/unsigned", "/send")) {
            assertEquals(401, server.post("/api/account" + path, "text/plain", "reward").statusCode(), path);
            assertEquals(405, server.get("/api/account" + path).statusCode(), path);
        }
    }

    @Test
    void aNodeWithoutAnAccountOrChainSaysSo() throws Exception {
        account.reachable(false);
        assertEquals(503, server.get("/api/account").statusCode());
        servlet.unbindAccount(account);
        assertAnswer(404, "this node has no account: it is off-chain", server.get("/api/account"));
        servlet.bindAccount(new InMemoryChainAccount(Address.NONE, BigInteger.ZERO));
        assertAnswer(503, "no account that is unlocked", post("/do", "reward"));
    }

    @Test
    void whichOfTheTwoAccountsLacksWhatIsSaid() {
        InMemorySettlement chain = new InMemorySettlement(hot);
        account.orchestrator(cold);
        List<String> lacking = lacking(account, chain);
        assertEquals(2, lacking.size(), lacking.toString());
        assertTrue(lacking.getFirst().startsWith("the orchestrator " + cold.checksummed() + ", whose key is elsewhere, has no"
                + " stake"));
        assertTrue(lacking.getLast().contains("is in the registry at no address"));
        chain.gasPrice(new Wei(BigInteger.TEN.pow(18)));
        assertTrue(lacking(account, chain).getFirst().startsWith("account " + hot.address().checksummed()
                + ", whose key this node has, can pay the gas of 0 redemptions"));
    }

    private static List<String> lacking(ChainAccount account, InMemorySettlement chain) {
        return AccountChecks.lacking(account, account.read(soon()), chain.state(soon()));
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(10), InstantSource.system());
    }
}

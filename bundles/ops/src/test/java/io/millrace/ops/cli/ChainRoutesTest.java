package io.millrace.ops.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.ChainAccount.Action;
import io.millrace.api.payment.ChainAccount.Outcome;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Wei;
import java.math.BigInteger;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The requests that need a chain, on one. */
class ChainRoutesTest {

    private static final String LPT = "000000000000000000";
    private static final String ACTIVATE = "blockRewardCut=10&feeShare=5.5&pricePerUnit=7&pixelsPerUnit=2&currency=Wei"
            + "&serviceURI=https%3A%2F%2Forch.example%3A8935&amount=700" + LPT;

    private CliNode cli;

    @BeforeEach
    void open() throws Exception {
        cli = new CliNode("orchestrator").onChain();
        cli.settings.values.put("io.millrace.kernel.orchestrator.pricePerUnit", "0");
        cli.settings.values.put("io.millrace.kernel.orchestrator.pixelsPerUnit", "1");
        cli.settings.values.put("io.millrace.kernel.orchestrator.maxFaceValue", "0");
    }

    @AfterEach
    void close() {
        cli.close();
    }

    private String get(String path) throws Exception {
        HttpResponse<String> answer = cli.get(path);
        assertEquals(200, answer.statusCode(), path + ": " + answer.body());
        return answer.body();
    }

    private void posted(String path, String form, String body) throws Exception {
        answers(200, body, path, form);
    }

    private void answers(int status, String body, String path, String form) throws Exception {
        HttpResponse<String> answer = cli.post(path, form);
        assertEquals(status + " " + body, answer.statusCode() + " " + answer.body(), path);
    }

    private byte[] bytes(HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpResponse<byte[]> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            assertEquals(200, answer.statusCode());
            assertEquals("application/octet-stream", answer.headers().firstValue("Content-Type").orElseThrow());
            return answer.body();
        }
    }

    private void done(Action action) {
        Deadline soon = Deadline.in(Duration.ofSeconds(10), InstantSource.system());
        assertTrue(cli.account.carryOut(cli.account.plan(action, soon), soon) instanceof Outcome.Done);
    }

    @Test
    void anOrchestratorIsSetUpFromNothing() throws Exception {
        posted("/activateOrchestrator", ACTIVATE, "");
        assertEquals("7", cli.settings.values.get("io.millrace.kernel.orchestrator.pricePerUnit"));
        assertEquals("2", cli.settings.values.get("io.millrace.kernel.orchestrator.pixelsPerUnit"));
        assertEquals("300" + LPT, get("/tokenBalance"));
        answers(400, "orchestrator already registered\n", "/activateOrchestrator", ACTIVATE);
        cli.account.nextRound();
        posted("/reward", "", "");
        answers(500, "Error calling reward: it was called in this round already\n", "/reward", "");
        String max = BigInteger.TWO.pow(256).subtract(BigInteger.ONE).toString();
        assertEquals(
                "{\"Transcoder\":{\"Address\":\"" + cli.wallet.address() + "\",\"ServiceURI\":\"https://orch.example:8935\","
                        + "\"LastRewardRound\":2,\"RewardCut\":100000,\"FeeShare\":55000,\"DelegatedStake\":701" + LPT
                        + ",\"ActivationRound\":2,\"DeactivationRound\":" + max
                        + ",\"LastActiveStakeUpdateRound\":2,\"Active\":true,\"Status\":\"Registered\","
                        + "\"PricePerPixel\":null},\"PriceInfo\":\"7/2\"}",
                get("/orchestratorInfo"));
        posted("/setOrchestratorConfig", "blockRewardCut=20&feeShare=5.5&serviceURI=https://other.example:1", "");
        assertTrue(get("/orchestratorInfo").contains("\"ServiceURI\":\"https://other.example:1\""));
        assertTrue(get("/orchestratorInfo").contains("\"RewardCut\":200000"));
        String pool = get("/registeredOrchestrators");
        assertTrue(pool.startsWith("[{\"Address\":\"" + cli.wallet.address() + "\""), pool);
        assertTrue(pool.contains("\"PricePerPixel\":\"0\"},{"), pool);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "blockRewardCut=10 | blockRewardCut=ten | 400 | strconv.ParseFloat: parsing \"ten\": invalid syntax",
        "feeShare=5.5 | feeShare=-1 | 400 | a percentage is from 0 to 100, provided -1",
        "pricePerUnit=7 | pricePerUnit=x | 400 | error parsing pricePerUnit value: x",
        "currency=Wei | currency=USD | 400 | error converting price: PriceFeedWatcher is not initialized",
        "serviceURI=https%3A%2F%2Forch.example%3A8935 | serviceURI=orch.example | 400 | parse \"orch.example\": invalid URI for request",
        "serviceURI=https%3A%2F%2Forch.example | serviceURI=https%3A%2F%2F0.0.0.0 | 500 | service address must be a public IP address or hostname",
        "amount=700 | amount=0x | 400 | failed to parse big integer",
        "blockRewardCut=10& | '' | 400 | missing form param: blockRewardCut"
    })
    void whatIsWrongWithAnActivationIsSaidBeforeAnythingIsChanged(String part, String other, int status, String why)
            throws Exception {
        answers(status, why + "\n", "/activateOrchestrator", ACTIVATE.replace(part, other));
        assertEquals("0", cli.settings.values.get("io.millrace.kernel.orchestrator.pricePerUnit"));
        assertEquals("1000" + LPT, get("/tokenBalance"));
    }

    @Test
    void nobodyIsActivatedInALockedRound() throws Exception {
        cli.account.lockRound();
        answers(500, "current round is locked\n", "/activateOrchestrator", ACTIVATE);
        assertEquals("1000" + LPT, get("/tokenBalance"));
    }

    @Test
    void stakeIsMoved() throws Exception {
        String self = cli.wallet.address().toString();
        answers(400, "the account has too few LPT\n", "/bond", "amount=1001" + LPT + "&toAddr=" + self);
        answers(400, "failed to parse big integer\n", "/bond", "amount=-1&toAddr=" + self);
        answers(400, "toAddr is not a valid eth address, provided me\n", "/bond", "amount=1&toAddr=me");
        answers(400, "missing form param: toAddr\n", "/bond", "amount=1");
        posted("/bond", "amount=700" + LPT + "&toAddr=" + self, "");
        assertTrue(get("/delegatorInfo").endsWith("\"Status\":\"Pending\"}"));
        cli.account.nextRound();
        assertEquals(
                "{\"Address\":\"" + self + "\",\"BondedAmount\":700" + LPT + ",\"Fees\":0,\"DelegateAddress\":\"" + self
                        + "\",\"DelegatedAmount\":700" + LPT + ",\"StartRound\":2,\"LastClaimRound\":2,"
                        + "\"NextUnbondingLockId\":0,\"PendingStake\":700" + LPT + ",\"PendingFees\":0,"
                        + "\"Status\":\"Bonded\"}",
                get("/delegatorInfo"));
        assertEquals("[]", get("/unbondingLocks"));
        posted("/unbond", "amount=100" + LPT, "");
        String lock = "[{\"ID\":0,\"Delegator\":\"" + self + "\",\"Amount\":100" + LPT + ",\"WithdrawRound\":9}]";
        assertEquals(lock, get("/unbondingLocks"));
        assertEquals("[]", get("/unbondingLocks?withdrawable=true"));
        answers(
                500,
                "withdraw round must be before or equal to the current round\n",
                "/withdrawStake",
                "unbondingLockId=0");
        answers(
                400,
                "Cannot convert unbondingLockId: failed to parse big integer\n",
                "/withdrawStake",
                "unbondingLockId=a");
        posted("/rebond", "unbondingLockId=0", "");
        answers(400, "nothing is unbonded as number 0\n", "/rebond", "unbondingLockId=0");
        posted("/unbond", "amount=700" + LPT, "");
        posted("/rebond", "unbondingLockId=1&toAddr=" + self, "");
        posted("/unbond", "amount=1" + LPT, "");
        for (int i = 0; i < 7; i++) {
            cli.account.nextRound();
        }
        assertTrue(get("/unbondingLocks?withdrawable=true").contains("\"ID\":2"));
        posted("/withdrawStake", "unbondingLockId=2", "");
        assertEquals("301" + LPT, get("/tokenBalance"));
    }

    @Test
    void feesAndTokensAreSent() throws Exception {
        cli.account.earn(Wei.of(500));
        BigInteger before = new BigInteger(get("/ethBalance"));
        answers(400, "missing form param: amount\n", "/withdrawFees", "");
        answers(400, "invalid amount: failed to parse big integer\n", "/withdrawFees", "amount=1.5");
        answers(
                500, "could not execute WithdrawFees: insufficient fees to withdraw\n", "/withdrawFees", "amount=501");
        posted("/withdrawFees", "amount=400", "");
        assertTrue(new BigInteger(get("/ethBalance")).compareTo(before) < 0, "gas cost more here");
        assertTrue(get("/delegatorInfo").contains("\"PendingFees\":100,"));
        posted("/transferTokens", "amount=1&to=" + "0x" + "22".repeat(20), "");
        assertEquals("999" + "9".repeat(18), get("/tokenBalance"));
        answers(501, "earnings need not be claimed any more: they are counted in with every change of the stake;"
                + " /withdrawFees takes the fees\n", "/claimEarnings", "");
    }

    @Test
    void aGatewaySetsFundsAside() throws Exception {
        posted("/fundDepositAndReserve", "depositAmount=30&reserveAmount=20", "fundDepositAndReserve success");
        posted("/fundDeposit", "amount=5", "fundDeposit success");
        assertEquals(
                "{\"Deposit\":35,\"WithdrawRound\":0,\"Reserve\":{\"FundsRemaining\":20,\"ClaimedInCurrentRound\":0}}",
                get("/senderInfo"));
        assertEquals("{\"UnlockPeriod\":2}", get("/ticketBrokerParams"));
        answers(400, "invalid reserveAmount: failed to parse big integer\n", "/fundDepositAndReserve",
                "depositAmount=30&reserveAmount=1e18");
        answers(500, "could not execute withdraw: no unlock request in progress\n", "/withdraw", "");
        posted("/unlock", "", "unlock success");
        answers(500, "could not execute unlock: they can be withdrawn from round 3 on\n", "/unlock", "");
        posted("/cancelUnlock", "", "cancelUnlock success");
        posted("/unlock", "", "unlock success");
        cli.account.nextRound();
        cli.account.nextRound();
        posted("/withdraw", "", "withdraw success");
        assertTrue(get("/senderInfo").startsWith("{\"Deposit\":0,"));
        String dear = cli.post("/fundDeposit", "amount=1" + "0".repeat(30)).body();
        assertTrue(dear.startsWith("could not execute fundDeposit: the account has "), dear);
    }

    @Test
    void theNetworkIsShown() throws Exception {
        assertEquals("31337", get("/EthChainID"));
        assertArrayEquals(new byte[] {3, (byte) 0xe8}, bytes(HttpRequest.newBuilder(cli.uri("/currentBlock"))));
        assertEquals("1", get("/currentRound"));
        assertEquals("true", get("/roundInitialized"));
        cli.account.endRound();
        assertEquals("2", get("/currentRound"));
        assertEquals("false", get("/roundInitialized"));
        posted("/initializeRound", "", "");
        assertEquals("true", get("/roundInitialized"));
        answers(500, "could not initialize round: ErrRoundInitialized\n", "/initializeRound", "");
        assertEquals(
                "{\"NumActiveTranscoders\":100,\"RoundLength\":100,\"RoundLockAmount\":100000,\"UnbondingPeriod\":7,"
                        + "\"VerificationRate\":0,\"VerificationPeriod\":null,\"SlashingPeriod\":null,"
                        + "\"FailedVerificationSlashAmount\":null,\"MissedVerificationSlashAmount\":null,"
                        + "\"DoubleClaimSegmentSlashAmount\":null,\"FinderFee\":null,\"Inflation\":220500,"
                        + "\"InflationChange\":500,\"TargetBondingRate\":500000000,\"VerificationCodeHash\":\"\","
                        + "\"TotalBonded\":1" + LPT + ",\"TotalSupply\":10000000" + LPT + ",\"Paused\":false}",
                get("/protocolParameters"));
        String contracts = get("/contractAddresses");
        assertTrue(contracts.startsWith("{\"BondingManager\":\"0x"), contracts);
        assertTrue(contracts.contains("\"LivepeerTokenFaucet\":\"0x" + "0".repeat(40) + "\""), contracts);
        assertEquals(cli.wallet.address().checksummed(), get("/ethAddr"));
        assertEquals("", get("/maxGasPrice"));
        assertEquals("0", get("/minGasPrice"));
    }

    @Test
    void aTextIsSignedWithItsLength() throws Exception {
        byte[] signature = bytes(HttpRequest.newBuilder(cli.uri("/signMessage"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("message=Gr%C3%BC%C3%9Fe")));
        byte[] text = "\u0019Ethereum Signed Message:\n7Grüße".getBytes(StandardCharsets.UTF_8);
        assertEquals(cli.wallet.signDigest(Keccak256.of(text)), Bytes.wrap(signature));
        assertEquals(501, cli.post("/signMessage", "message={}", "SigFormat", "data/typed").statusCode());
        cli.wallet.available(false);
        answers(
                500,
                "could not sign message - err=\"the key of the test cannot be used now\"\n",
                "/signMessage",
                "message=a");
    }

    @Test
    void theLimitsOfPricesAreSet() throws Exception {
        posted("/setMaxFaceValue", "maxfacevalue=400000000000000", "ticket max face value set");
        assertEquals("400000000000000", cli.settings.values.get("io.millrace.kernel.orchestrator.maxFaceValue"));
        answers(400, "maxfacevalue not set to number\n", "/setMaxFaceValue", "maxfacevalue=1.5");
        try (CliNode gateway = new CliNode("gateway").onChain()) {
            gateway.settings.values.put("io.millrace.kernel.gateway.maxPricePerUnit", "0");
            gateway.settings.values.put("io.millrace.kernel.gateway.pixelsPerUnit", "1");
            assertTrue(gateway.get("/getBroadcastConfig").body().contains("\"MaxPrice\":null"));
            String ask = "maxPricePerUnit=0.000000000000000007&pixelsPerUnit=2&currency=ETH";
            assertEquals(200, gateway.post("/setBroadcastConfig", ask).statusCode());
            assertTrue(gateway.get("/getBroadcastConfig").body().contains("\"MaxPrice\":\"7/2\""));
            assertEquals(200, gateway.post("/setBroadcastConfig", "maxPricePerUnit=0&pixelsPerUnit=1").statusCode());
            assertTrue(gateway.get("/getBroadcastConfig").body().contains("\"MaxPrice\":null"));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/currentRound | could not query current round: ",
        "/roundInitialized | could not get initialized round: ",
        "/senderInfo | could not query sender info: ",
        "/ticketBrokerParams | could not query TicketBroker unlockPeriod: ",
        "/delegatorInfo | ''",
        "/ethBalance | ''"
    })
    void aChainThatCannotBeReachedIsSaid(String path, String words) throws Exception {
        cli.account.reachable(false);
        HttpResponse<String> answer = cli.get(path);
        assertEquals(500, answer.statusCode());
        assertEquals(words.strip() + (words.isEmpty() ? "" : " ") + "the chain of the test cannot be reached\n", answer.body());
    }

    @Test
    void aChangeOnAChainThatCannotBeReachedIsNoChange() throws Exception {
        done(new Action.Fund(Wei.of(1), Wei.of(1)));
        cli.account.reachable(false);
        answers(500, "could not get transcoder\n", "/orchestratorInfo", "");
        answers(500, "could not execute unlock: the chain of the test cannot be reached\n", "/unlock", "");
        answers(500, "the chain of the test cannot be reached\n", "/activateOrchestrator", ACTIVATE);
        assertEquals("0", cli.settings.values.get("io.millrace.kernel.orchestrator.pricePerUnit"));
        cli.account.reachable(true);
        assertEquals(Optional.of(0L), Optional.of(cli.account
                .read(Deadline.in(Duration.ofSeconds(1), InstantSource.system())).funds().withdrawRound()));
    }

    @Test
    void changesArePosted() throws Exception {
        for (String path : List.of("/reward", "/initializeRound", "/unlock", "/bond?amount=1&toAddr=0x", "/withdraw")) {
            assertEquals(405, cli.get(path).statusCode(), path);
        }
        assertEquals(403, cli.post("/unlock", "", "Origin", "http://evil.example").statusCode());
    }
}

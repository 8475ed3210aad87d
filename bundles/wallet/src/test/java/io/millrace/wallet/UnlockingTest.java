package io.millrace.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Address;
import io.millrace.wallet.curve.TestCurves;
import io.millrace.wallet.keystore.UnusableKeystore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnlockingTest {

    private static final Bytes DIGEST = Bytes.wrap(new byte[32]);

    private final List<Wallet> offered = new CopyOnWriteArrayList<>();
    private final List<Integer> most = new CopyOnWriteArrayList<>();
    private final Unlocking unlocking = new Unlocking(() -> TestCurves.NATIVE, this::offer);

    @TempDir
    Path folder;

    private Runnable offer(Wallet wallet) {
        offered.add(wallet);
        most.add(offered.size());
        return () -> offered.remove(wallet);
    }

    @Test
    void theWalletIsOfferedWhenItIsUnlocked() throws Exception {
        unlocking.begin(TestFiles.account("light.json", "password")).join();
        assertEquals(1, offered.size());
        assertEquals(65, offered.getFirst().sign(DIGEST).size());
    }

    @Test
    void aWithdrawnWalletSignsNothingAndStillChecks() throws Exception {
        unlocking.begin(TestFiles.account("light.json", "password")).join();
        Wallet wallet = offered.getFirst();
        Bytes signature = wallet.sign(DIGEST);
        unlocking.close();
        assertEquals(List.of(), offered);
        assertThrows(Fault.class, () -> wallet.sign(DIGEST));
        assertTrue(wallet.verify(wallet.address(), DIGEST, signature));
    }

    @Test
    void anotherAccountTakesItsPlaceWithoutAGap() throws Exception {
        unlocking.begin(TestFiles.account("light.json", "password")).join();
        Wallet before = offered.getFirst();
        unlocking.begin(TestFiles.account("empty-password.json", "empty")).join();
        assertEquals(List.of(1, 2), most);
        assertEquals(1, offered.size());
        assertFalse(offered.contains(before));
        assertThrows(Fault.class, () -> before.sign(DIGEST));
    }

    @Test
    void aWrongPasswordIsOneLineThatSaysWhatToDo() throws Exception {
        String log = log(() -> unlocking.begin(TestFiles.account("light.json", "testpassword")).join());
        assertEquals(List.of(), offered);
        assertEquals(1, log.lines().count(), log);
        assertTrue(log.contains("ERROR") && log.contains("The account of this node is none: the password does not unlock"), log);
        assertTrue(log.contains("Correct what 'password' refers to") && log.contains("io.millrace.wallet"), log);
        assertFalse(log.contains("testpassword "), log);
    }

    @Test
    void theAccountBeforeStaysWhenTheNewOneIsNotUnlocked() throws Exception {
        unlocking.begin(TestFiles.account("light.json", "password")).join();
        String log = log(() -> unlocking.begin(TestFiles.account("empty-password.json", "password")).join());
        assertEquals(65, offered.getFirst().sign(DIGEST).size());
        assertTrue(log.contains("stays 0x90f79bf6eb2c4f870365e785982e1f101e93b906"), log);
    }

    @Test
    void whatIsClosedMeanwhileIsNotOffered() throws Exception {
        Thread thread = unlocking.begin(TestFiles.account("light.json", "password"));
        unlocking.close();
        thread.join();
        assertEquals(List.of(), offered);
    }

    @Test
    void theLastOfManyChangesCounts() throws Exception {
        LockedAccount other = TestFiles.account("empty-password.json", "empty");
        for (int i = 0; i < 20; i++) {
            unlocking.begin(TestFiles.account("light.json", "password"));
        }
        unlocking.begin(other).join();
        assertEquals("0x70997970c51812dc3a010c7d01b50e0d17dc79c8", offered.getFirst().address().toString());
        assertEquals(1, offered.size());
    }

    @Test
    void aPasswordThatIsNotThereIsSaid() throws Exception {
        LockedAccount account = LockedAccount.of(
                TestFiles.path("light.json").toString(), "", "file:" + folder.resolve("password"), "")
                .orElseThrow();
        String said = assertThrows(UnusableKeystore.class, () -> account.unlock(TestCurves.NATIVE)).getMessage();
        assertTrue(said.startsWith("the password cannot be read: file:") && said.endsWith("Correct 'password'"), said);
    }

    @Test
    void anEmptyPasswordNeedsNoFile() throws Exception {
        LockedAccount account = LockedAccount.of(
                TestFiles.path("empty-password.json").toString(), "", "", "").orElseThrow();
        try (KeystoreWallet wallet = account.unlock(TestCurves.NATIVE)) {
            assertNotEquals(Address.NONE, wallet.address());
        }
    }

    @Test
    void settingsThatCannotBeRightAreRefusedAndNothingSecretIsShown() {
        String file = TestFiles.path("light.json").toString();
        refused("", "", "env:P", "'keystore' is ''");
        refused("", "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "", "'keystore' is ''");
        refused("relative", "", "env:P", "absolute path");
        refused(file, "0x12", "env:P", "'account' is no address");
        refused(file, "", "swordfish", "'password' does not say where");
        refused(file, "0x70997970C51812dc3A010C7d01b50e0d17dc79C8", "env:P", "is not of account");
    }

    @Test
    void anAccountMayWorkForAnOrchestratorWhoseKeyIsElsewhere() throws UnusableKeystore {
        String cold = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
        KeystoreWallet wallet = LockedAccount.of(
                        TestFiles.path("light.json").toString(), "", "file:" + TestFiles.path("password"), cold)
                .orElseThrow()
                .unlock(TestCurves.NATIVE);
        assertEquals(cold, wallet.orchestrator().checksummed());
        assertEquals("0x90f79bf6eb2c4f870365e785982e1f101e93b906", wallet.address().toString());
        assertEquals(
                wallet.address(),
                TestFiles.account("light.json", "password").unlock(TestCurves.NATIVE).orchestrator());
        String said = assertThrows(
                        UnusableKeystore.class,
                        () -> LockedAccount.of(TestFiles.path("light.json").toString(), "", "", "0x7099"))
                .getMessage();
        assertEquals("'orchestratorAccount' is no address of 0x and 40 digits. Correct it", said);
    }

    @Test
    void withoutAnySettingThereIsNoAccountAndNothingToSay() throws UnusableKeystore {
        assertEquals(Optional.empty(), LockedAccount.of("", "", "", ""));
    }

    private static void refused(String keystore, String account, String password, String why) {
        String said = assertThrows(UnusableKeystore.class, () -> LockedAccount.of(keystore, account, password, ""))
                .getMessage();
        assertTrue(said.contains(why), said);
        assertFalse(said.contains("swordfish"), said);
    }

    @Test
    void aFileThatSaysAnotherAccountThanItsKeyIsOfIsRefused() throws Exception {
        String lying = Files.readString(TestFiles.path("light.json")).replace("90f79bf6", "00000000");
        Path file = Files.writeString(folder.resolve("lying"), lying);
        LockedAccount account =
                LockedAccount.of(file.toString(), "", "file:" + TestFiles.path("password"), "")
                        .orElseThrow();
        String said = assertThrows(UnusableKeystore.class, () -> account.unlock(TestCurves.NATIVE)).getMessage();
        assertTrue(said.contains("is of account 0x90f79bf6"), said);
    }

    private interface Step {
        void run() throws Exception;
    }

    private static String log(Step step) throws Exception {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            step.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }
}

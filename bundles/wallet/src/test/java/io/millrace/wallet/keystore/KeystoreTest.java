package io.millrace.wallet.keystore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.wallet.NewAccount;
import io.millrace.wallet.TestFiles;
import io.millrace.wallet.curve.TestCurves;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeystoreTest {

    private static final Address THREE = new Address(Bytes.hex("90f79bf6eb2c4f870365e785982e1f101e93b906"));
    private static final Address ONE = new Address(Bytes.hex("70997970c51812dc3a010c7d01b50e0d17dc79c8"));
    private static final String DEFINITION = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "standard, correct horse, 7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
        "light, correct horse, 7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6",
        "empty-password, '', 59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d",
        "definition-pbkdf2, testpassword, " + DEFINITION,
        "definition-scrypt, testpassword, " + DEFINITION,
        "31-bytes, foo, 00fa7b3db73dc7dfdf8c5fbdb796d741e4488628c41fc4febd9160a866ba0f35",
        "30-bytes, foo, 000081c29e8142bb6a81bef5a92bda7a8328a5c85bb2f9542e76f9b0f94fc018"
    })
    void theFilesOfGoEthereumAreUnlocked(String file, String password, String key) throws UnusableKeystore {
        byte[] unlocked = KeyFile.read(TestFiles.path(file + ".json")).decrypt(utf8(password));
        assertEquals(Bytes.hex(key), Bytes.of(unlocked));
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "definition-pbkdf2"})
    void aWrongPasswordIsSaidAndNotShown(String file) throws UnusableKeystore {
        KeyFile read = KeyFile.read(TestFiles.path(file + ".json"));
        String said = assertThrows(UnusableKeystore.class, () -> read.decrypt(utf8("Correct Horse"))).getMessage();
        assertTrue(said.startsWith("the password does not unlock " + read.file()), said);
        assertFalse(said.contains("Horse"), said);
    }

    @Test
    void aFileThatIsCutOffAnywhereIsRefused() throws IOException {
        String whole = Files.readString(TestFiles.path("light.json"));
        for (int length = 0; length < whole.length(); length++) {
            refused(whole.substring(0, length), "cannot be used");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "'' | not one JSON object",
        "hello | not one JSON object",
        "7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6 | not one JSON object",
        "[] | not one JSON object",
        "{} {} | not one JSON object",
        "{} | version is missing",
        "{\"version\":\"3\"} | version is missing",
        "{\"version\":1e999999999} | version is missing",
        "{\"version\":1} | of version 1",
        "{\"version\":3} | crypto is missing",
        "{\"version\":3,\"crypto\":7} | crypto is missing",
        "{\"version\":3,\"crypto\":{}} | crypto.cipher is missing"
    })
    void whatIsNoKeystoreFileIsRefusedAndNotShown(String text, String why) throws IOException {
        String said = refused(text, why);
        assertFalse(said.contains("7c85"), said);
    }

    @Test
    void deeplyNestedJsonIsRefused() throws IOException {
        refused("{\"a\":".repeat(10_000) + "1" + "}".repeat(10_000), "not one JSON object");
    }

    @Test
    void aHugeFileIsRefused() throws IOException {
        refused(" ".repeat(KeyFile.MOST_BYTES + 1), "larger than");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"n\":4096 | \"n\":16777216 | more than 1 GiB",
        "\"n\":4096 | \"n\":1073741824 | more than 1 GiB",
        "\"n\":4096 | \"n\":4097 | power of two",
        "\"n\":4096 | \"n\":-4096 | power of two",
        "\"n\":4096 | \"n\":-2147483648 | power of two",
        "\"n\":4096 | \"n\":0 | power of two",
        "\"n\":4096 | \"n\":1 | power of two",
        "\"n\":4096 | \"n\":4096.5 | crypto.kdfparams.n is missing or not",
        "\"n\":4096 | \"n\":99999999999999999999 | crypto.kdfparams.n is missing or not",
        "\"r\":8 | \"r\":2147483647 | more than 1 GiB",
        "\"r\":8 | \"r\":0 | positive",
        "\"p\":6 | \"p\":2147483647 | minutes",
        "\"p\":6 | \"p\":-1 | positive",
        "\"dklen\":32 | \"dklen\":16 | key has 16 bytes",
        "\"dklen\":32 | \"dklen\":2147483647 | key has 2147483647 bytes",
        "\"salt\":\"7112 | \"salt\":\"x112 | salt is missing or not",
        "\"iv\":\"e85a | \"iv\":\" | wrong length",
        "\"mac\":\"5cf8 | \"mac\":\" | wrong length",
        "\"ciphertext\":\"abb9 | \"ciphertext\":\"abb9abb9 | wrong length",
        "aes-128-ctr | aes-128-cbc | cipher is not",
        "\"kdf\":\"scrypt\" | \"kdf\":\"argon2\" | neither scrypt nor pbkdf2"
    })
    void whatWouldTakeTooMuchOrIsNotKnownIsRefusedBeforeItIsTried(String from, String to, String why)
            throws IOException {
        String whole = Files.readString(TestFiles.path("light.json"));
        assertTrue(whole.contains(from));
        refused(whole.replace(from, to), why);
    }

    @Test
    void iterationsOfPbkdf2AreBounded() throws IOException {
        String whole = Files.readString(TestFiles.path("definition-pbkdf2.json"));
        for (String c : new String[] {"0", "-5", "2147483647"}) {
            refused(whole.replace("262144", c), "pbkdf2 parameter c");
        }
        refused(whole.replace("hmac-sha256", "hmac-sha1"), "prf is not");
    }

    private String refused(String text, String why) throws IOException {
        Path file = Files.writeString(folder.resolve("tried"), text);
        String said = assertThrows(UnusableKeystore.class, () -> KeyFile.read(file), text).getMessage();
        assertTrue(said.startsWith(file + " cannot be used: ") && said.contains(why), said);
        return said;
    }

    @Test
    void namesInAnyCaseAreRead() throws Exception {
        String other = Files.readString(TestFiles.path("light.json")).replace("\"crypto\"", "\"Crypto\"");
        byte[] key = KeyFile.read(Files.writeString(folder.resolve("other"), other)).decrypt(utf8("correct horse"));
        assertEquals(0x7c, key[0]);
    }

    @Test
    void theOnlyAccountOfAFolderIsTaken() throws Exception {
        put("UTC--2026-11-30T08-40-31.213039080Z--" + hex(THREE), "light.json");
        Files.writeString(folder.resolve("README"), "not a key");
        Files.writeString(folder.resolve(".hidden"), "{}");
        Files.createDirectory(folder.resolve("folder"));
        assertEquals(Optional.of(THREE), Keystore.find(folder, Optional.empty()).address());
        assertEquals(Optional.of(THREE), Keystore.find(folder, Optional.of(THREE)).address());
    }

    @Test
    void theNewestFileOfTheAccountIsTaken() throws Exception {
        put("UTC--2025-01-01T00-00-00.000000000Z--" + hex(THREE), "light.json");
        Path newest = put("UTC--2026-11-30T08-40-31.213039080Z--" + hex(THREE), "standard.json");
        put("UTC--2026-11-30T08-40-30.999999999Z--" + hex(THREE), "light.json");
        put("another name", "light.json");
        put("UTC--2027-01-01T00-00-00.000000000Z--" + hex(ONE), "empty-password.json");
        assertEquals(newest, Keystore.find(folder, Optional.of(THREE)).file());
    }

    @Test
    void severalAccountsAreListedWhenNoneIsNamed() throws Exception {
        put("a", "light.json");
        put("b", "empty-password.json");
        String said = said(folder, Optional.empty());
        assertTrue(said.contains(THREE.toString()) && said.contains(ONE.toString()), said);
        assertTrue(said.endsWith("Set 'account' to one of them"), said);
    }

    @Test
    void anAccountThatIsNotThereIsSaid() throws Exception {
        put("a", "light.json");
        assertTrue(said(folder, Optional.of(ONE)).contains("only of " + THREE));
        assertTrue(said(folder.resolve("a"), Optional.of(ONE)).contains("is not of account " + ONE));
    }

    @Test
    void whatIsNotThereOrCannotBeReadIsSaid() throws Exception {
        assertTrue(said(folder, Optional.empty()).contains("has no keystore file"));
        assertTrue(said(folder.resolve("missing"), Optional.empty()).contains("there is no keystore file"));
        if (!System.getProperty("user.name").equals("root")) {
            Path file = put("a", "light.json");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
            assertTrue(said(file, Optional.empty()).contains("cannot be read"));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("---------"));
            assertTrue(said(folder, Optional.empty()).contains("cannot be read"));
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void aNewAccountIsOneThatIsUnlockedAndThatNobodyElseCanRead() throws Exception {
        Path made = NewAccount.create(
                TestCurves.NATIVE, folder.resolve("new"), utf8("swordfish"), Instant.parse("2026-01-31T01:02:03.000000004Z"));
        KeyFile found = Keystore.find(folder.resolve("new"), Optional.empty());
        assertEquals(made, found.file());
        assertEquals(
                "UTC--2026-01-31T01-02-03.000000004Z--" + hex(found.address().orElseThrow()),
                made.getFileName().toString());
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(made)));
        try (Stream<Path> files = Files.list(made.getParent())) {
            assertEquals(1, files.count());
        }
        byte[] key = found.decrypt(utf8("swordfish"));
        assertArrayEquals(key, KeyFile.read(made).decrypt(utf8("swordfish")));
        assertThrows(UnusableKeystore.class, () -> found.decrypt(utf8("swordfisH")));
    }

    private String said(Path keystore, Optional<Address> account) {
        return assertThrows(UnusableKeystore.class, () -> Keystore.find(keystore, account)).getMessage();
    }

    private Path put(String name, String file) throws IOException {
        return Files.copy(TestFiles.path(file), folder.resolve(name));
    }

    private static String hex(Address address) {
        return address.bytes().hex();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

package io.millrace.wallet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Ticket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import io.millrace.wallet.curve.Curve;
import io.millrace.wallet.curve.TestCurves;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.bouncycastle.util.BigIntegers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Signatures of go-livepeer, and such as its contracts accepted. */
class SignatureVectorsTest {

    /** Account 3 of the public test mnemonic. */
    private static final String KEY = "7c852118294e51e653712a81e05800f419141751be58f605c371e15141b007a6";

    private static final Address ACCOUNT = new Address(Bytes.hex("90f79bf6eb2c4f870365e785982e1f101e93b906"));

    static Stream<KeystoreWallet> wallets() {
        return Stream.of(TestCurves.NATIVE, TestCurves.JAVA).map(SignatureVectorsTest::wallet);
    }

    private static KeystoreWallet wallet(Curve curve) {
        return new KeystoreWallet(curve, curve.key(HexFormat.of().parseHex(KEY)));
    }

    /** The tickets V1, V2 and V3: hash, digest of EIP-191, signature. */
    private static final String[][] TICKETS = {
        {
            "5bb8748f56bb14d1dd9556a54a0cd41f8ccac409ea84e4625b7771db27688860",
            "e1ea39519569f796120097981d8cd0f07e7e52cd5d34bf27f6cc67930fec3a1a",
            "049ee21d69d239baac7673379ac951e6a817e1a31b3efb70c81e1a573066ad453122d6786582b1e7ff84ae4ef0cc7f20e81bfeaa9679c04750532f4e1de05a4e1b"
        },
        {
            "96d4bb50cb5c97d87c17accc9cb0f87df073a0738ee282cde4d276dbe7f8e5e5",
            "3022c5fcf6af82be2cfefc23b8a697e3dd400f3d968ce3313253dec15f60701d",
            "9b1842b93b5696e420a9d4d6bc6a7c139b6eb89b8f9dabc50a86b66da9a012436fb710100701979da241fc1ca0b29a3c65c730dda930fdc559753f877d9929881b"
        },
        {
            "e20310b72e698c8c06e5a31c82c9f9f190fdf0074ef5addb092fecc3188f33a5",
            "31360b02bad0ed9f3d8b85e022b899c41fff3f73402cb1dd0c67e01eb4241250",
            "055f21e73709aca86ab44d5f461ff59d5d05339cf43624674c369e0c579a51d26f45e05361680a7820f9e8ab5c2a9418f18463a75a01f16908ffd913a50c09661b"
        }
    };

    @ParameterizedTest
    @MethodSource("wallets")
    void ticketsAreSignedToTheByte(KeystoreWallet wallet) {
        assertEquals(ACCOUNT, wallet.address());
        for (String[] ticket : TICKETS) {
            Bytes hash = Bytes.hex(ticket[0]);
            assertEquals(Bytes.hex(ticket[1]), Ticket.signedDigest(hash));
            assertEquals(Bytes.hex(ticket[2]), wallet.sign(hash));
            assertTrue(wallet.verify(ACCOUNT, hash, Bytes.hex(ticket[2])));
        }
    }

    @ParameterizedTest
    @MethodSource("wallets")
    void aRequestForAnOrchestratorIsSignedToTheByte(KeystoreWallet wallet) {
        Bytes hash = Keccak256.of(Bytes.utf8(ACCOUNT.checksummed()));
        assertEquals(Bytes.hex("674e13501e7cd7c6abdd6214011d50d5d7f3c2d23215442f1d2925dada1a51aa"), hash);
        assertEquals(
                Bytes.hex("b93d85ea06fa467cf775380da9ea8bc6c4eafa7b7a7e5bd3985e5907bfafc3ed235736d738432b98408e1ae09890d005ccc434010d441e2471cec01fa549f8251b"),
                wallet.sign(hash));
    }

    /** go-livepeer: crypto/verify_test.go. */
    @ParameterizedTest
    @MethodSource("wallets")
    void theSignaturesOfGoLivepeersTestAreJudgedAsThere(KeystoreWallet wallet) {
        Address signer = new Address(Bytes.hex("3baddb1eee2105893136a3f96c8a963e9c6309d6"));
        Bytes message = Bytes.hex("b7da355477356fc4c47fcabcf232dc77a6db9b07b7e48b76261cc55cc8fbabb3");
        assertTrue(wallet.verify(signer, message, Bytes.hex("206443228e8f784bc3a122de0d85eb3ebff82d6a79cca26c7eeb907099a6404f6dff57bc6828f28bd6cd073c89d94cf3364204679ed8365fa45b5ee6af19a9841c")));
        Bytes highS = Bytes.hex("e742ff452d41413616a5bf43fe15dd88294e983d3d36206c2712f39083d638bde0a0fc89be718fbc1033e1d30d78be1c68081562ed2e97af876f286f3453231d1b");
        for (Address any : List.of(signer, wallet.address(), Address.NONE)) {
            assertFalse(wallet.verify(any, message, highS));
        }
    }

    @ParameterizedTest
    @MethodSource("wallets")
    void theOtherFormOfASignatureIsNotBelieved(KeystoreWallet wallet) {
        Bytes hash = Bytes.hex(TICKETS[0][0]);
        byte[] other = Bytes.hex(TICKETS[0][2]).toArray();
        BigInteger order = new BigInteger("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16);
        BigInteger s = order.subtract(BigIntegers.fromUnsignedByteArray(other, 32, 32));
        BigIntegers.asUnsignedByteArray(s, other, 32, 32);
        other[64] = (byte) (55 - other[64]);
        assertFalse(wallet.verify(ACCOUNT, hash, Bytes.wrap(other)));
    }

    @ParameterizedTest
    @MethodSource("wallets")
    void aHashOfAnotherLengthIsNotBelieved(KeystoreWallet wallet) {
        assertFalse(wallet.verify(ACCOUNT, Bytes.EMPTY, Bytes.hex(TICKETS[0][2])));
        assertFalse(wallet.verify(ACCOUNT, Bytes.wrap(new byte[33]), Bytes.hex(TICKETS[0][2])));
    }

    @ParameterizedTest
    @MethodSource("wallets")
    void everyTicketThatGoLivepeerSentIsBelieved(KeystoreWallet wallet) throws IOException {
        List<String> lines = lines().filter(line -> !line.startsWith("#")).toList();
        assertEquals(57, lines.size());
        for (String line : lines) {
            String[] ticket = line.split(" ");
            Address signer = new Address(Bytes.hex(ticket[2]));
            assertTrue(wallet.verify(signer, Bytes.hex(ticket[0]), Bytes.hex(ticket[1])), line);
            assertFalse(wallet.verify(ACCOUNT, Bytes.hex(ticket[0]), Bytes.hex(ticket[1])), line);
        }
    }

    private static Stream<String> lines() throws IOException {
        try (InputStream in = SignatureVectorsTest.class.getResourceAsStream("/tickets.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines();
        }
    }

    @Test
    void theAccountIsShownAndNotItsKey() {
        wallets().forEach(wallet -> {
            assertTrue(wallet.toString().contains(ACCOUNT.toString()), wallet.toString());
            assertFalse(wallet.toString().contains(KEY.substring(0, 8)), wallet.toString());
            wallet.close();
        });
    }
}

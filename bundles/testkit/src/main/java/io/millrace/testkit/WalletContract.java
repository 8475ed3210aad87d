package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What every {@link Wallet} of an account does. */
public abstract class WalletContract {

    private static final Bytes DIGEST = Keccak256.of(Bytes.utf8("a ticket"));

    /** A wallet with an account. */
    protected abstract Wallet wallet();

    /** Another one, of another account. */
    protected abstract Wallet other();

    @Test
    void itSpeaksForAnAccountThatDoesNotChange() {
        Wallet wallet = wallet();
        assertNotEquals(Address.NONE, wallet.address());
        assertEquals(wallet.address(), wallet.address());
        assertNotEquals(wallet.address(), other().address());
    }

    @Test
    void itWorksForItselfUnlessItWasToldOtherwise() {
        assertEquals(wallet().address(), wallet().orchestrator());
    }

    @Test
    void aSignatureHas65BytesOfWhichTheLastIs27Or28() {
        byte[] signature = wallet().sign(DIGEST).toArray();
        assertEquals(65, signature.length);
        assertTrue(signature[64] == 27 || signature[64] == 28);
    }

    @Test
    void theSameDigestIsSignedTheSameWay() {
        Wallet wallet = wallet();
        assertEquals(wallet.sign(DIGEST), wallet.sign(DIGEST));
    }

    @Test
    void aMessageIsItsDigestSigned() {
        Wallet wallet = wallet();
        assertEquals(wallet.signDigest(Ticket.signedDigest(DIGEST)), wallet.sign(DIGEST));
        assertNotEquals(wallet.signDigest(DIGEST), wallet.sign(DIGEST));
    }

    @Test
    void othersBelieveItsSignatureAndNobodyElses() {
        Wallet wallet = wallet();
        Wallet other = other();
        Bytes signature = wallet.sign(DIGEST);
        assertTrue(wallet.verify(wallet.address(), DIGEST, signature));
        assertTrue(other.verify(wallet.address(), DIGEST, signature));
        assertFalse(other.verify(other.address(), DIGEST, signature));
        assertFalse(other.verify(Address.NONE, DIGEST, signature));
        assertFalse(other.verify(wallet.address(), Keccak256.of(DIGEST), signature));
    }

    @Test
    void whatIsNoSignatureIsNotBelieved() {
        Wallet wallet = wallet();
        byte[] good = wallet.sign(DIGEST).toArray();
        assertFalse(wallet.verify(wallet.address(), DIGEST, Bytes.EMPTY));
        assertFalse(wallet.verify(wallet.address(), DIGEST, Bytes.wrap(new byte[65])));
        assertFalse(wallet.verify(wallet.address(), DIGEST, Bytes.wrap(java.util.Arrays.copyOf(good, 64))));
        for (int at : new int[] {0, 31, 32, 63}) {
            byte[] bad = good.clone();
            bad[at] ^= 1;
            assertFalse(wallet.verify(wallet.address(), DIGEST, Bytes.wrap(bad)), "byte " + at);
        }
        good[64] -= 27;
        assertFalse(wallet.verify(wallet.address(), DIGEST, Bytes.wrap(good)), "v of 0 or 1");
    }

    @Test
    void manyMaySignAtOnce() {
        Wallet wallet = wallet();
        assertTrue(IntStream.range(0, 50).parallel().allMatch(n -> {
            Bytes digest = Keccak256.of(Bytes.utf8("ticket " + n));
            return wallet.verify(wallet.address(), digest, wallet.sign(digest));
        }));
    }
}

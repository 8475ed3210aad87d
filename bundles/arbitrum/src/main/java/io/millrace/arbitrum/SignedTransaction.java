package io.millrace.arbitrum;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import java.math.BigInteger;
import java.security.SignatureException;
import java.util.Arrays;
import java.util.List;
import org.web3j.crypto.Sign;
import org.web3j.rlp.RlpDecoder;
import org.web3j.rlp.RlpEncoder;
import org.web3j.rlp.RlpList;
import org.web3j.rlp.RlpString;
import org.web3j.rlp.RlpType;

/**
 * A transaction that somebody else has signed, of the type of EIP-1559.
 *
 * @param from whose key signed it
 */
record SignedTransaction(Bytes raw, Bytes hash, BigInteger chainId, Address from) {

    /** Ours have some hundred bytes; nodes take no more than this (go-ethereum: txMaxSize). */
    private static final int MAX_BYTES = 128 * 1024;

    private static final byte TYPE = 2;
    /** chainId, nonce, tip, cap, gas, to, value, data, access list; then parity of y, r, s. */
    private static final int UNSIGNED_FIELDS = 9;

    private static final int FIELDS = 12;

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException that says what is wrong with it
     */
    static SignedTransaction read(Bytes raw) {
        byte[] bytes = raw.toArray();
        if (bytes.length == 0 || bytes.length > MAX_BYTES || bytes[0] != TYPE) {
            throw new IllegalArgumentException("it is no signed transaction of type 2, which begins with 0x02");
        }
        List<RlpType> fields = fields(Arrays.copyOfRange(bytes, 1, bytes.length));
        byte[] list = RlpEncoder.encode(new RlpList(fields.subList(0, UNSIGNED_FIELDS)));
        byte[] unsigned = new byte[list.length + 1];
        unsigned[0] = TYPE;
        System.arraycopy(list, 0, unsigned, 1, list.length);
        return new SignedTransaction(
                raw, Keccak256.of(bytes), number(fields.getFirst()), signer(Keccak256.of(unsigned), fields));
    }

    private static List<RlpType> fields(byte[] list) {
        List<RlpType> outer;
        try {
            outer = RlpDecoder.decode(list).getValues();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("it cannot be decoded", e);
        }
        if (outer.size() == 1 && outer.getFirst() instanceof RlpList inner) {
            if (inner.getValues().size() == UNSIGNED_FIELDS) {
                throw new IllegalArgumentException("it is not signed");
            }
            if (inner.getValues().size() == FIELDS) {
                return inner.getValues();
            }
        }
        throw new IllegalArgumentException("it has not the " + FIELDS + " fields of a signed transaction of type 2");
    }

    private static Address signer(Bytes digest, List<RlpType> fields) {
        try {
            BigInteger parity = number(fields.get(UNSIGNED_FIELDS));
            Sign.SignatureData signature = new Sign.SignatureData(
                    (byte) (27 + parity.intValueExact()), word(fields.get(FIELDS - 2)), word(fields.get(FIELDS - 1)));
            byte[] key = new byte[64];
            byte[] number = Sign.signedMessageHashToKey(digest.toArray(), signature).toByteArray();
            int length = Math.min(number.length, key.length);
            System.arraycopy(number, number.length - length, key, key.length - length, length);
            byte[] hash = Keccak256.of(key).toArray();
            return new Address(Bytes.wrap(Arrays.copyOfRange(hash, hash.length - Address.LENGTH, hash.length)));
        } catch (SignatureException | RuntimeException e) {
            throw new IllegalArgumentException("its signature is none", e);
        }
    }

    private static BigInteger number(RlpType field) {
        if (field instanceof RlpString text && text.getBytes().length <= 32) {
            return new BigInteger(1, text.getBytes());
        }
        throw new IllegalArgumentException("a number of it is none");
    }

    private static byte[] word(RlpType field) {
        byte[] number = number(field).toByteArray();
        byte[] word = new byte[32];
        int length = Math.min(number.length, word.length);
        System.arraycopy(number, number.length - length, word, word.length - length, length);
        return word;
    }
}

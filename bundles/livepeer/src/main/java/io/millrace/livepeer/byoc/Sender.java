package io.millrace.livepeer.byoc;

import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import io.millrace.livepeer.mapping.ChecksumAddress;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.WireJson;
import jakarta.json.JsonObject;

/**
 * The account that asks for a job, as text on the wire.
 *
 * @param address with its {@code 0x}, as it was written: what is signed is the text
 * @param signature in hex with {@code 0x}; of go-livepeer off-chain {@code 0x} alone
 */
record Sender(String address, String signature) {

    /** Off-chain no node checks a signature, but go-livepeer reads it as hex only when it has its full length. */
    private static final Bytes UNCHECKED = Bytes.wrap(new byte[65]);

    /** The hash that is signed, Keccak-256 of the bytes of {@code text}. */
    static Bytes digest(String text) {
        return Keccak256.of(Bytes.utf8(text));
    }

    /** The node itself, which signs {@code text}. */
    static Sender of(Wallet wallet, String text) {
        Bytes signature = wallet.sign(digest(text));
        return new Sender(
                ChecksumAddress.text(wallet.address()), "0x" + (signature.isEmpty() ? UNCHECKED : signature).hex());
    }

    /** The node itself, as it introduces itself: it signs its own address. */
    static Sender of(Wallet wallet) {
        return of(wallet, ChecksumAddress.text(wallet.address()));
    }

    static Sender fromWire(JsonObject object) throws Malformed {
        return new Sender(WireJson.text(object, "addr"), WireJson.text(object, "sig"));
    }

    JsonObject toWire() {
        return WireJson.PROVIDER.createObjectBuilder().add("addr", address).add("sig", signature).build();
    }

    /** Whether the account signed {@code text}; off-chain anybody did, whatever the signature is. */
    boolean signed(String text, Wallet wallet) {
        try {
            Address signer = address.isEmpty() ? Address.NONE : new Address(hex(address));
            return wallet.verify(signer, digest(text), hex(signature));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static Bytes hex(String text) {
        return Bytes.hex(text.startsWith("0x") ? text.substring(2) : text);
    }
}

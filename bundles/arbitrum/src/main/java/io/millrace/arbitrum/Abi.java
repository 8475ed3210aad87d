package io.millrace.arbitrum;

import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.WinningTicket;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.TypeDecoder;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.DynamicStruct;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.Utf8String;
import org.web3j.abi.datatypes.generated.Bytes20;
import org.web3j.abi.datatypes.generated.Bytes32;
import org.web3j.abi.datatypes.generated.Uint256;

/** Calls of contracts in their binary form, and what they answer. All that is asked of them answers words of 32 bytes. */
public final class Abi {

    private static final int WORD_DIGITS = 64;
    private static final int ADDRESS_DIGITS = 40;
    private static final String ERROR = "0x08c379a0";

    private Abi() {}

    /**
     * A call, beginning with its selector. Arguments are an {@link Address}, a whole number, a text, {@link Bytes} of
     * 32 bytes, of 20 bytes, or of any other length, which are then of variable length.
     */
    public static String call(String function, Object... arguments) {
        return FunctionEncoder.encode(new Function(function, types(arguments), List.of()));
    }

    /** The arguments of a constructor, without a prefix. */
    public static String constructor(Object... arguments) {
        return FunctionEncoder.encodeConstructor(types(arguments));
    }

    /** The call that redeems a ticket. */
    static String redeem(WinningTicket winner) {
        Ticket ticket = winner.ticket();
        DynamicStruct struct = new DynamicStruct(
                type(ticket.params().recipient()),
                type(ticket.sender()),
                type(ticket.params().faceValue()),
                type(ticket.params().winProbability()),
                type(ticket.nonce()),
                type(ticket.params().recipientRandHash()),
                new DynamicBytes(ticket.auxData().unsafeArray()));
        return call(
                "redeemWinningTicket",
                struct,
                new DynamicBytes(winner.signature().unsafeArray()),
                new BigInteger(1, winner.recipientRand().unsafeArray()));
    }

    /** An address as a topic of an event: in a word. */
    static String topic(Address address) {
        return "0x" + "0".repeat(WORD_DIGITS - 2 * Address.LENGTH) + address.bytes().hex();
    }

    /** So many words, as numbers. */
    public static List<BigInteger> words(String hex, int count) {
        if (!hex.matches("0x[0-9a-fA-F]{" + count * WORD_DIGITS + "}")) {
            throw Rpc.undecodable(count + " words were expected of a contract");
        }
        List<BigInteger> words = new ArrayList<>();
        for (int from = 2; from < hex.length(); from += WORD_DIGITS) {
            words.add(new BigInteger(hex.substring(from, from + WORD_DIGITS), 16));
        }
        return words;
    }

    /** The one text that a contract answers. */
    static String text(String hex) {
        try {
            return TypeDecoder.decodeUtf8String(hex.substring(2), WORD_DIGITS).getValue();
        } catch (RuntimeException e) {
            throw Rpc.undecodable("a text was expected of a contract");
        }
    }

    /** 32 bytes in hexadecimal digits. */
    public static Bytes hash(String hex) {
        return bytes(hex, Keccak256.LENGTH);
    }

    /** An address, as it is or as a word. */
    public static Address address(String hex) {
        if (hex.length() == WORD_DIGITS + 2 && hex.startsWith("0".repeat(WORD_DIGITS - ADDRESS_DIGITS), 2)) {
            return address("0x" + hex.substring(hex.length() - ADDRESS_DIGITS));
        }
        return new Address(bytes(hex, Address.LENGTH));
    }

    /** An address that is one of several words. */
    static Address address(BigInteger word) {
        return address(String.format("0x%064x", word));
    }

    /** What a contract says when it refuses, or a node in its place. */
    public static String reason(RpcError error) {
        if (error.data().startsWith(ERROR)) {
            try {
                String offset = error.data().substring(ERROR.length());
                return TypeDecoder.decodeUtf8String(offset, WORD_DIGITS).getValue();
            } catch (RuntimeException e) {
                // not a text: the node's own words are left
            }
        }
        String words = error.getMessage().replaceFirst("^.*execution reverted: ", "").replaceFirst("^revert: ", "");
        return words.isBlank() ? "no reason is given" : words;
    }

    private static Bytes bytes(String hex, int length) {
        try {
            if (hex.startsWith("0x") && hex.length() == 2 + 2 * length) {
                return Bytes.hex(hex.substring(2));
            }
        } catch (IllegalArgumentException e) {
            throw new Fault(Fault.Consequence.RETRY_HERE, "the chain's node gives no hexadecimal digits", e);
        }
        throw Rpc.undecodable(length + " bytes were expected");
    }

    static String hex(Bytes bytes) {
        return "0x" + HexFormat.of().formatHex(bytes.unsafeArray());
    }

    @SuppressWarnings("rawtypes") // web3j's own signatures
    private static List<Type> types(Object... arguments) {
        List<Type> types = new ArrayList<>();
        for (Object argument : arguments) {
            types.add(type(argument));
        }
        return types;
    }

    private static Type<?> type(Object argument) {
        return switch (argument) {
            case Type<?> type -> type;
            case Address address -> new org.web3j.abi.datatypes.Address(address.toString());
            case BigInteger number -> new Uint256(number);
            case Number number -> new Uint256(BigInteger.valueOf(number.longValue()));
            case String text -> new Utf8String(text);
            case Bytes bytes when bytes.size() == Keccak256.LENGTH -> new Bytes32(bytes.unsafeArray());
            case Bytes bytes when bytes.size() == Address.LENGTH -> new Bytes20(bytes.unsafeArray());
            case Bytes bytes -> new DynamicBytes(bytes.unsafeArray());
            default -> throw new IllegalArgumentException("no type of contracts: " + argument.getClass());
        };
    }
}

package io.millrace.arbitrum;

import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.arbitrum.devnet.LocalChain;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A contract with the interface of a price feed, whose answers are constants in its code: another answer is another
 * code at the same address.
 */
record FeedContract(String description, BigInteger decimals, BigInteger answer, BigInteger updatedAt) {

    static final Address ADDRESS = new Address(Bytes.hex("00000000000000000000000000000000000feed1"));

    private static final int WORD = 32;
    private static final int TEST = 11;
    private static final int ANSWER = 16;

    static FeedContract of(String description, long decimals, long answer, long updatedAt) {
        return new FeedContract(
                description, BigInteger.valueOf(decimals), BigInteger.valueOf(answer), BigInteger.valueOf(updatedAt));
    }

    void install(LocalChain chain) {
        chain.rpc("anvil_setCode", ADDRESS.toString(), "0x" + code());
        // so that there is a newer block than the one that was read last
        chain.mine(1);
    }

    private static String word(BigInteger number) {
        byte[] word = new byte[WORD];
        byte[] bytes = number.toByteArray();
        Arrays.fill(word, (byte) (number.signum() < 0 ? 0xff : 0));
        int length = Math.min(WORD, bytes.length);
        System.arraycopy(bytes, bytes.length - length, word, WORD - length, length);
        return HexFormat.of().formatHex(word);
    }

    private String text() {
        byte[] bytes = description.getBytes(StandardCharsets.UTF_8);
        String padding = "00".repeat((WORD - bytes.length % WORD) % WORD);
        return word(BigInteger.valueOf(WORD)) + word(BigInteger.valueOf(bytes.length)) + HexFormat.of().formatHex(bytes) + padding;
    }

    /** Compares the selector with each of the three, and returns what follows the code. */
    String code() {
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put(Abi.call("description").substring(2), text());
        answers.put(Abi.call("decimals").substring(2), word(decimals));
        answers.put(
                Abi.call("latestRoundData").substring(2),
                word(BigInteger.ONE) + word(answer) + word(updatedAt) + word(updatedAt) + word(BigInteger.ONE));
        int targets = 6 + answers.size() * TEST + 5;
        int data = targets + answers.size() * ANSWER;
        StringBuilder tests = new StringBuilder("60003560e01c"); // CALLDATALOAD(0) >> 224
        StringBuilder jumps = new StringBuilder();
        StringBuilder constants = new StringBuilder();
        int index = 0;
        for (Map.Entry<String, String> entry : answers.entrySet()) {
            int length = entry.getValue().length() / 2;
            tests.append("8063").append(entry.getKey()).append("1461").append(two(targets + index * ANSWER)).append("57");
            // JUMPDEST, CODECOPY(0, offset, length), RETURN(0, length)
            jumps.append("5b61").append(two(length)).append("61").append(two(data + constants.length() / 2)).append("6000")
                    .append("39").append("61").append(two(length)).append("6000").append("f3");
            constants.append(entry.getValue());
            index++;
        }
        return tests.append("60006000fd").append(jumps).append(constants).toString();
    }

    private static String two(int number) {
        return String.format("%04x", number);
    }
}

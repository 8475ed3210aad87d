package io.millrace.testkit;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The code of a contract with Chainlink's interface AggregatorV3, for a chain of a test: its answers are constants, so
 * that another answer is another code at the same address.
 *
 * @param description such as {@code ETH / USD}
 * @param decimals of the answer
 * @param answer what one of the first currency costs in the second
 * @param updatedAt seconds since 1970
 */
public record PriceFeedCode(String description, BigInteger decimals, BigInteger answer, BigInteger updatedAt) {

    private static final int WORD = 32;
    private static final int START = 6;
    private static final int TEST = 11;
    private static final int REVERT = 5;
    private static final int ANSWER = 16;

    /** A contract whose numbers are small. */
    public static PriceFeedCode of(String description, long decimals, long answer, long updatedAt) {
        return new PriceFeedCode(
                description, BigInteger.valueOf(decimals), BigInteger.valueOf(answer), BigInteger.valueOf(updatedAt));
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
        return word(BigInteger.valueOf(WORD)) + word(BigInteger.valueOf(bytes.length))
                + HexFormat.of().formatHex(bytes) + padding;
    }

    /** The code in hexadecimal digits, as {@code anvil_setCode} takes it. */
    public String hex() {
        Map<String, String> answers = new LinkedHashMap<>();
        answers.put("7284e416", text()); // description()
        answers.put("313ce567", word(decimals)); // decimals()
        answers.put( // latestRoundData()
                "feaf968c",
                word(BigInteger.ONE) + word(answer) + word(updatedAt) + word(updatedAt) + word(BigInteger.ONE));
        int targets = START + answers.size() * TEST + REVERT;
        int data = targets + answers.size() * ANSWER;
        StringBuilder tests = new StringBuilder("60003560e01c"); // the selector: CALLDATALOAD(0) >> 224
        StringBuilder jumps = new StringBuilder();
        StringBuilder constants = new StringBuilder();
        int target = targets;
        for (Map.Entry<String, String> entry : answers.entrySet()) {
            int length = entry.getValue().length() / 2;
            // DUP1, PUSH4 selector, EQ, PUSH2 target, JUMPI
            tests.append("8063").append(entry.getKey()).append("1461").append(two(target)).append("57");
            // JUMPDEST, CODECOPY(0, offset, length), RETURN(0, length)
            jumps.append("5b61").append(two(length)).append("61").append(two(data + constants.length() / 2))
                    .append("60003961").append(two(length)).append("6000f3");
            constants.append(entry.getValue());
            target += ANSWER;
        }
        return "0x" + tests.append("60006000fd").append(jumps).append(constants);
    }

    private static String two(int number) {
        return String.format("%04x", number);
    }
}

package io.millrace.ops.account;

import io.millrace.api.payment.ChainAccount.Action;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Wei;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An action as an operator writes it, in words: {@code bond 700}. Amounts are in LPT or ETH and exact, shares in
 * percent.
 */
final class AccountWords {

    private static final String VERBS = "bond, unbond, rebond, withdraw-stake, withdraw-fees, commission, service-uri,"
            + " reward, initialize-round, transfer, fund, unlock, cancel-unlock and withdraw";

    private static final Pattern AMOUNT = Pattern.compile("\\d{1,30}(\\.\\d{1,18})?");
    private static final Pattern PERCENT = Pattern.compile("\\d{1,3}(\\.\\d{1,4})?");
    private static final Pattern ADDRESS = Pattern.compile("0x[0-9a-fA-F]{40}");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
    private static final int DECIMALS = 18;
    private static final int PER_PERCENT = 4;
    private static final int MILLION = 1_000_000;

    private final List<String> rest;

    private AccountWords(List<String> rest) {
        this.rest = rest;
    }

    /**
     * What these words ask for.
     *
     * @param orchestrator with whom is staked where the words name nobody
     * @throws IllegalArgumentException that says what is wrong with them
     */
    static Action read(String line, Address orchestrator) {
        List<String> words = new ArrayList<>(List.of(line.strip().split("\\s+")));
        String verb = words.removeFirst();
        AccountWords rest = new AccountWords(words);
        Action action = rest.action(verb, orchestrator);
        if (!words.isEmpty()) {
            throw new IllegalArgumentException("'" + verb + "' takes fewer words: '" + words.getFirst() + "' is too many");
        }
        return action;
    }

    private Action action(String verb, Address orchestrator) {
        return switch (verb) {
            case "bond" -> new Action.Bond(amount("LPT"), address().orElse(orchestrator));
            case "unbond" -> new Action.Unbond(amount("LPT"));
            case "rebond" -> new Action.Rebond(number(), address());
            case "withdraw-stake" -> new Action.WithdrawStake(number());
            case "withdraw-fees" ->
                new Action.WithdrawFees(rest.isEmpty() ? Optional.empty() : Optional.of(new Wei(amount("ETH"))));
            case "commission" -> new Action.SetCommission(share(), share());
            case "service-uri" -> new Action.SetServiceUri(uri());
            case "reward" -> new Action.Reward();
            case "initialize-round" -> new Action.InitializeRound();
            case "transfer" -> new Action.TransferTokens(
                    amount("LPT"),
                    address().orElseThrow(() -> new IllegalArgumentException("the account is missing, 0x and 40 digits")));
            case "fund" -> new Action.Fund(new Wei(amount("ETH")), new Wei(amount("ETH")));
            case "unlock" -> new Action.Unlock();
            case "cancel-unlock" -> new Action.CancelUnlock();
            case "withdraw" -> new Action.Withdraw();
            default -> throw new IllegalArgumentException("an account does not '" + verb + "'; it does " + VERBS);
        };
    }

    private String next(String what, Pattern pattern) {
        if (rest.isEmpty()) {
            throw new IllegalArgumentException(what + " is missing");
        }
        String word = rest.removeFirst();
        if (!pattern.matcher(word).matches()) {
            throw new IllegalArgumentException("'" + word + "' is not " + what);
        }
        return word;
    }

    private BigInteger amount(String unit) {
        return new BigDecimal(next("an amount of " + unit + ", with 18 decimals at most", AMOUNT))
                .movePointRight(DECIMALS)
                .toBigIntegerExact();
    }

    private long number() {
        return Long.parseLong(next("the number of an unbonding", NUMBER));
    }

    private int share() {
        int share = new BigDecimal(next("a percentage from 0 to 100, with four decimals at most", PERCENT))
                .movePointRight(PER_PERCENT)
                .intValueExact();
        if (share > MILLION) {
            throw new IllegalArgumentException("a percentage is from 0 to 100");
        }
        return share;
    }

    private Optional<Address> address() {
        return rest.isEmpty()
                ? Optional.empty()
                : Optional.of(new Address(Bytes.hex(next("an account, 0x and 40 digits", ADDRESS).substring(2))));
    }

    private URI uri() {
        String text = next("an address such as https://example.org:8935", Pattern.compile("https?://\\S{1,1000}"));
        try {
            URI uri = URI.create(text);
            if (uri.getHost() != null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException("'" + text + "' is not an address such as https://example.org:8935");
    }
}

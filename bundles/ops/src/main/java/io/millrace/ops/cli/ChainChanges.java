package io.millrace.ops.cli;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.ChainAccount.Action;
import io.millrace.api.payment.ChainAccount.Outcome;
import io.millrace.api.payment.ChainAccount.Plan;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Keccak256;
import io.millrace.api.value.Wei;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Changes on the chain: each is planned, carried out, and answered when its last transaction is in a block. What is
 * wrong with the parameters is said before anything is changed, the price of this node too.
 */
final class ChainChanges {

    private static final Logger LOG = LoggerFactory.getLogger(ChainChanges.class);

    private static final Duration PLAN = Duration.ofSeconds(30);

    /** Less than the port keeps a silent connection. */
    private static final Duration RECEIPT = Duration.ofSeconds(100);

    private static final int REFUSED = 400;
    private static final int FAILED = 500;
    private static final String NO_NUMBER = "failed to parse big integer";
    private static final int WORD_BITS = 256;
    private static final Pattern WHOLE = Pattern.compile("\\+?\\d{1,80}");
    private static final Pattern PERCENT = Pattern.compile("[+-]?(\\d{1,20}\\.?\\d{0,20}|\\.\\d{1,20})([eE][+-]?\\d{1,2})?");
    private static final Pattern ADDRESS = Pattern.compile("(0[xX])?[0-9a-fA-F]{40}");
    private static final BigDecimal PER_PERCENT = BigDecimal.valueOf(10_000);

    private final ChainReads reads;
    private final Supplier<Optional<Wallet>> wallets;
    private final Prices prices;

    /** A parameter has no meaning; the message is for who sent it. */
    private static final class Wrong extends Exception {
        private static final long serialVersionUID = 1L;
        private final int status;

        private Wrong(String message) {
            this(REFUSED, message);
        }

        private Wrong(int status, String message) {
            super(message);
            this.status = status;
        }
    }

    @FunctionalInterface
    private interface Change {
        CliAnswer of(ChainAccount account) throws Wrong;
    }

    ChainChanges(ChainReads reads, Supplier<Optional<Wallet>> wallets, Prices prices) {
        this.reads = reads;
        this.wallets = wallets;
        this.prices = prices;
    }

    CliAnswer initializeRound() {
        String failed = "could not initialize round: ";
        return changing(account -> account.protocol(reads.in(PLAN)).roundInitialized()
                ? CliAnswer.lacking(failed + "ErrRoundInitialized")
                : doing(account, new Action.InitializeRound(), FAILED, failed, ""));
    }

    CliAnswer reward() {
        return changing(account -> doing(account, new Action.Reward(), FAILED, "Error calling reward: ", ""));
    }

    CliAnswer bond(Form form) {
        return changing(account -> doing(
                account, new Action.Bond(whole(form, "amount", ""), address(form, "toAddr")), REFUSED, "", ""));
    }

    CliAnswer unbond(Form form) {
        return changing(account -> doing(account, new Action.Unbond(whole(form, "amount", "")), FAILED, "", ""));
    }

    CliAnswer rebond(Form form) {
        return changing(account -> {
            Optional<Address> orchestrator =
                    form.value("toAddr").isEmpty() ? Optional.empty() : Optional.of(address(form, "toAddr"));
            long lock = lock(form, "Cannot convert unbondingLockId: ");
            return doing(account, new Action.Rebond(lock, orchestrator), REFUSED, "", "");
        });
    }

    CliAnswer withdrawStake(Form form) {
        return changing(account -> doing(
                account,
                new Action.WithdrawStake(lock(form, "Cannot convert unbondingLockId: ")),
                FAILED,
                "",
                ""));
    }

    CliAnswer withdrawFees(Form form) {
        return changing(account -> {
            if (form.value("amount").isEmpty()) {
                throw new Wrong("missing form param: amount");
            }
            Wei amount = new Wei(whole(form, "amount", "invalid amount: "));
            return doing(
                    account, new Action.WithdrawFees(Optional.of(amount)), FAILED, "could not execute WithdrawFees: ", "");
        });
    }

    CliAnswer transferTokens(Form form) {
        return changing(account -> doing(
                account,
                new Action.TransferTokens(whole(form, "amount", ""), address(form, "to")),
                FAILED,
                "",
                ""));
    }

    CliAnswer fundDepositAndReserve(Form form) {
        return changing(account -> {
            Wei deposit = new Wei(whole(form, "depositAmount", "invalid depositAmount: "));
            Wei reserve = new Wei(whole(form, "reserveAmount", "invalid reserveAmount: "));
            return ofFunds(account, new Action.Fund(deposit, reserve), "fundDepositAndReserve");
        });
    }

    CliAnswer fundDeposit(Form form) {
        return changing(account -> {
            Wei amount = new Wei(whole(form, "amount", "invalid amount: "));
            return ofFunds(account, new Action.Fund(amount, Wei.ZERO), "fundDeposit");
        });
    }

    CliAnswer unlock() {
        return changing(account -> ofFunds(account, new Action.Unlock(), "unlock"));
    }

    CliAnswer cancelUnlock() {
        return changing(account -> ofFunds(account, new Action.CancelUnlock(), "cancelUnlock"));
    }

    CliAnswer withdraw() {
        return changing(account -> ofFunds(account, new Action.Withdraw(), "withdraw"));
    }

    /** Stakes with itself, sets its shares and is found at its address. */
    CliAnswer activateOrchestrator(Form form) {
        return changing(account -> {
            if (account.read(reads.in(PLAN)).orchestrator().registered()) {
                throw new Wrong("orchestrator already registered");
            }
            if (account.protocol(reads.in(PLAN)).roundLocked()) {
                throw new Wrong(FAILED, "current round is locked");
            }
            Action commission = new Action.SetCommission(
                    share(form.value("blockRewardCut"), ""), share(form.value("feeShare"), ""));
            Prices.Price price = price(form);
            Action service = new Action.SetServiceUri(serviceUri(form.value("serviceURI")));
            List<Action> actions = new ArrayList<>();
            if (!form.value("unbondingLockId").isEmpty()) {
                actions.add(new Action.Rebond(lock(form, ""), Optional.of(account.orchestrator())));
            }
            if (!form.value("amount").isEmpty() && whole(form, "amount", "").signum() > 0) {
                actions.add(new Action.Bond(whole(form, "amount", ""), account.orchestrator()));
            }
            actions.add(commission);
            actions.add(service);
            return prices.set(price).orElseGet(() -> all(account, actions));
        });
    }

    CliAnswer setOrchestratorConfig(Form form) {
        return changing(account -> {
            boolean priced = !form.value("pixelsPerUnit").isEmpty() && !form.value("pricePerUnit").isEmpty();
            Optional<Prices.Price> price = priced ? Optional.of(price(form)) : Optional.empty();
            List<Action> actions = new ArrayList<>();
            String cut = form.value("blockRewardCut");
            String share = form.value("feeShare");
            int rewardCut = cut.isEmpty() ? 0 : share(cut, "Cannot convert block reward cut: ");
            int feeShare = share.isEmpty() ? 0 : share(share, "Cannot convert fee share: ");
            if (!cut.isEmpty() && !share.isEmpty()) {
                actions.add(new Action.SetCommission(rewardCut, feeShare));
            }
            if (!form.value("serviceURI").isEmpty()) {
                actions.add(new Action.SetServiceUri(serviceUri(form.value("serviceURI"))));
            }
            return price.flatMap(prices::set).orElseGet(() -> all(account, actions));
        });
    }

    /** Signs a text the way wallets do (EIP-191): with its length before it, so that it is no transaction. */
    CliAnswer signMessage(Form form) {
        return changing(account -> {
            if (form.header("SigFormat").equals("data/typed")) {
                return CliAnswer.notYet("typed data is not signed yet; a text is, without the header SigFormat");
            }
            Bytes message = Bytes.utf8(form.value("message"));
            Bytes digest = Keccak256.of(
                    Bytes.utf8("\u0019Ethereum Signed Message:\n" + message.size()).unsafeArray(), message.unsafeArray());
            try {
                return CliAnswer.bytes(wallets.get()
                        .orElseThrow(() -> new Fault(Fault.Consequence.RETRY_HERE, "there is no wallet now"))
                        .signDigest(digest));
            } catch (Fault e) {
                throw new Wrong(FAILED, "could not sign message - err=\"" + e.getMessage() + "\"");
            }
        });
    }

    private CliAnswer changing(Change change) {
        return reads.asking("", account -> {
            try {
                return change.of(account);
            } catch (Wrong e) {
                return CliAnswer.problem(e.status, e.getMessage());
            }
        });
    }

    private CliAnswer ofFunds(ChainAccount account, Action action, String name) {
        return doing(account, action, FAILED, "could not execute " + name + ": ", name + " success");
    }

    /** One action; when there is nothing to do, that node's transaction fails, and so this is answered as a refusal. */
    private CliAnswer doing(ChainAccount account, Action action, int refused, String failed, String success) {
        Plan plan;
        Outcome outcome;
        try {
            plan = account.plan(action, reads.in(PLAN));
            outcome = carryOut(account, plan);
        } catch (Fault e) {
            return CliAnswer.lacking(failed + e.getMessage());
        }
        int status = plan.answer().isPresent() ? refused : FAILED;
        return switch (outcome) {
            case Outcome.Done done -> success.isEmpty() ? CliAnswer.done() : CliAnswer.text(success);
            case Outcome.Nothing nothing -> CliAnswer.problem(status, failed + nothing.message());
            case Outcome.Refused no -> CliAnswer.problem(status, failed + no.message());
            case Outcome.NotKnown unknown -> CliAnswer.lacking(failed + waiting(unknown));
        };
    }

    /** Several, one after the other; what is so already is passed over. */
    private CliAnswer all(ChainAccount account, List<Action> actions) {
        for (Action action : actions) {
            Outcome outcome = carryOut(account, account.plan(action, reads.in(PLAN)));
            if (outcome instanceof Outcome.Refused refused) {
                return CliAnswer.lacking(refused.message());
            }
            if (outcome instanceof Outcome.NotKnown unknown) {
                return CliAnswer.lacking(waiting(unknown));
            }
        }
        return CliAnswer.done();
    }

    private Outcome carryOut(ChainAccount account, Plan plan) {
        Outcome outcome = account.carryOut(plan, reads.in(RECEIPT));
        switch (outcome) {
            case Outcome.Done done -> LOG.info("The account did: {}; gas cost {}", plan.what(), done.gasCost());
            case Outcome.Nothing nothing -> LOG.info("The account need not {}: {}", plan.what(), nothing.message());
            case Outcome.Refused refused -> LOG.warn("The account cannot {}: {}", plan.what(), refused.message());
            case Outcome.NotKnown unknown -> LOG.warn("The account began to {}: {}", plan.what(), unknown.message());
        }
        return outcome;
    }

    private static String waiting(Outcome.NotKnown unknown) {
        return unknown.message() + "; it goes on: look at the account before you ask for it again";
    }

    private Prices.Price price(Form form) throws Wrong {
        Prices.Reading reading = prices.read(form);
        if (reading.problem().isPresent()) {
            throw new Wrong(reading.problem().get());
        }
        return reading.price().orElseThrow();
    }

    private static BigInteger whole(Form form, String name, String failed) throws Wrong {
        String text = form.value(name);
        if (WHOLE.matcher(text).matches()) {
            BigInteger number = new BigInteger(text);
            if (number.bitLength() <= WORD_BITS) {
                return number;
            }
        }
        throw new Wrong(failed + NO_NUMBER);
    }

    private static long lock(Form form, String failed) throws Wrong {
        BigInteger number = whole(form, "unbondingLockId", failed);
        if (number.bitLength() >= Long.SIZE) {
            throw new Wrong(failed + NO_NUMBER);
        }
        return number.longValueExact();
    }

    private static Address address(Form form, String name) throws Wrong {
        String text = form.value(name);
        if (!ADDRESS.matcher(text).matches()) {
            throw new Wrong(name + " is not a valid eth address, provided " + text);
        }
        return new Address(Bytes.hex(text.substring(text.length() - 2 * Address.LENGTH)));
    }

    /** Percent, of which parts of a millionth are left off; what is beyond hundred is refused by the contract. */
    private static int share(String text, String failed) throws Wrong {
        if (!PERCENT.matcher(text).matches()) {
            throw new Wrong(failed + "strconv.ParseFloat: parsing \"" + text + "\": invalid syntax");
        }
        BigDecimal millionths = new BigDecimal(text).multiply(PER_PERCENT).setScale(0, RoundingMode.DOWN);
        if (millionths.signum() < 0 || millionths.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) > 0) {
            throw new Wrong(failed + "a percentage is from 0 to 100, provided " + text);
        }
        return millionths.intValueExact();
    }

    private static URI serviceUri(String text) throws Wrong {
        URI uri;
        try {
            uri = URI.create(text);
        } catch (IllegalArgumentException e) {
            throw new Wrong("parse \"" + text + "\": invalid URI for request");
        }
        if (uri.getScheme() == null || uri.getHost() == null) {
            throw new Wrong("parse \"" + text + "\": invalid URI for request");
        }
        if (uri.getHost().contains("0.0.0.0")) {
            throw new Wrong(FAILED, "service address must be a public IP address or hostname");
        }
        return uri;
    }
}

package io.millrace.ops.money;

import io.millrace.api.payment.BalanceKey.Side;
import io.millrace.api.node.NodeControl;
import io.millrace.api.node.NodeControl.ConfiguredPrice;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Ledger.PendingWinner;
import io.millrace.api.payment.Ledger.Totals;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.payment.Settlement.SenderFunds;
import io.millrace.api.payment.SpendLimit;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Rational;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the wallet, the chain and the ledger say now, for JSON. Amounts are whole wei as text: they are exact. */
final class MoneySnapshot {

    /** Winning tickets that wait, shown one by one. */
    private static final int PENDING = 100;

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private MoneySnapshot() {}

    static Map<String, Object> of(
            Optional<NodeControl> control,
            Optional<Wallet> wallet,
            Optional<Settlement> chain,
            Optional<Ledger> ledger,
            MoneyHistory history) {
        List<String> problems = new ArrayList<>();
        Map<String, Object> all = new LinkedHashMap<>();
        Address account = wallet.map(Wallet::address).orElse(Address.NONE);
        all.put("account", account.equals(Address.NONE) ? null : account.checksummed());
        control.map(NodeControl::prices).filter(prices -> !prices.isEmpty()).ifPresent(prices -> all.put("prices", prices(prices)));
        control.map(NodeControl::maxPrices).filter(prices -> !prices.isEmpty()).ifPresent(prices -> all.put("maxPrices", prices(prices)));
        try {
            chain(all, account, chain);
        } catch (Fault e) {
            problems.add("the chain cannot be asked now: " + e.getMessage());
        }
        try {
            ledger(all, ledger);
        } catch (Fault e) {
            problems.add("the ledger cannot be read now: " + e.getMessage());
        }
        wallet.map(Wallet::orchestrator)
                .filter(orchestrator -> !orchestrator.equals(account))
                .ifPresent(orchestrator -> all.put("orchestrator", orchestrator.checksummed()));
        List<SpendLimit> limits = control.map(NodeControl::spendLimits).orElse(List.of());
        if (!limits.isEmpty()) {
            all.put("limits", limits.stream().map(MoneySnapshot::limit).toList());
        }
        all.put("newest", history.newest());
        all.put("minutes", history.minutes());
        all.put("problems", problems);
        return all;
    }

    private static List<Map<String, Object>> prices(List<ConfiguredPrice> prices) {
        List<Map<String, Object>> lines = new ArrayList<>();
        for (ConfiguredPrice price : prices) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("gateway", price.gateway().equals(Address.NONE) ? null : price.gateway().checksummed());
            line.put("capability", price.capability().isPresent()
                    ? Capability.pipeline(price.capability().getAsInt()).orElse(String.valueOf(price.capability().getAsInt()))
                    : null);
            line.put("model", price.model());
            line.put("price", price.text());
            line.put("wei", price.perUnit().map(Object::toString));
            lines.add(line);
        }
        return lines;
    }

    private static void chain(Map<String, Object> all, Address account, Optional<Settlement> chain) {
        if (chain.isEmpty()) {
            return;
        }
        Deadline deadline = Deadline.in(PATIENCE, InstantSource.system());
        ChainState state = chain.get().state(deadline);
        Map<String, Object> stands = new LinkedHashMap<>();
        stands.put("round", state.round());
        stands.put("roundInitialized", state.roundInitialized());
        stands.put("l1Block", state.l1Block());
        stands.put("activeOrchestrators", state.poolSize());
        stands.put("gasPrice", state.gasPrice().amount().toString());
        all.put("chain", stands);
        if (!account.equals(Address.NONE)) {
            SenderFunds funds = chain.get().funds(account, Address.NONE, deadline);
            Map<String, Object> own = new LinkedHashMap<>();
            own.put("deposit", funds.deposit().amount().toString());
            own.put("reserve", funds.reserve().amount().toString());
            own.put("withdrawRound", funds.withdrawRound());
            all.put("funds", own);
        }
    }

    private static void ledger(Map<String, Object> all, Optional<Ledger> ledger) {
        if (ledger.isEmpty()) {
            return;
        }
        List<Map<String, Object>> received = new ArrayList<>();
        List<Map<String, Object>> sent = new ArrayList<>();
        for (Totals totals : ledger.get().totals()) {
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("peer", totals.peer().checksummed());
            line.put("value", wei(totals.value()));
            line.put("work", wei(totals.work()));
            if (totals.side() == Side.RECEIVED) {
                line.put("winners", totals.winners());
                line.put("faceValue", totals.faceValue().amount().toString());
                line.put("redeemed", totals.redeemed());
                line.put("paid", totals.paid().amount().toString());
                received.add(line);
            } else {
                sent.add(line);
            }
        }
        all.put("received", received);
        all.put("sent", sent);
        all.put("pending", ledger.get().winners(Optional.empty(), PENDING).stream()
                .map(MoneySnapshot::pending)
                .toList());
    }

    private static Map<String, Object> limit(SpendLimit limit) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", limit.name());
        line.put("what", limit.what());
        line.put("spent", limit.spent().amount().toString());
        line.put("most", limit.most().amount().toString());
        return line;
    }

    private static Map<String, Object> pending(PendingWinner winner) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("sender", winner.ticket().ticket().sender().checksummed());
        line.put("faceValue", winner.ticket().ticket().params().faceValue().toString());
        line.put("expirationBlock", winner.expirationBlock().toString());
        line.put("tries", winner.tries());
        line.put("inFlight", winner.inFlight());
        line.put("redeemer", winner.redeemer().orElse(null));
        line.put("lastFailure", winner.lastFailure().orElse(null));
        return line;
    }

    /** Cut to whole wei. */
    static String wei(Rational amount) {
        return amount.floor().toString();
    }
}

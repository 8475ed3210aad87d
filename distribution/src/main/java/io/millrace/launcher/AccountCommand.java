package io.millrace.launcher;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What an on-chain node's account and its orchestrator are on the chain, and what they do there. */
final class AccountCommand {

    static final Command COMMAND = new Command(
            "account",
            "[ACTION WORDS... [--yes | --write-out FILE] | send FILE] [--data DIR] [--json]",
            "An on-chain node's account: what it is, what it does on the chain, what is signed elsewhere",
            """
            Without an action: what the account has and its orchestrator is. An action is shown with its cost, and done
            with --yes. Amounts of LPT and ETH are exact.
              bond LPT [ORCHESTRATOR]      stake, with the orchestrator itself unless another one is named
              unbond LPT                   begin to take stake back
              rebond NUMBER [ORCHESTRATOR] stake again what is being unbonded under a number
              withdraw-stake NUMBER        take what was unbonded under a number
              withdraw-fees [ETH]          take fees that were earned, all of them unless said otherwise
              commission REWARDS FEES      percent: what is kept of rewards, and given away of fees
              service-uri URI              the address at which gateways find the orchestrator
              reward                       call the reward of this round
              initialize-round             initialize the round that has begun
              transfer LPT ACCOUNT         send LPT to another account
              fund DEPOSIT RESERVE         ETH: add to what a gateway pays from
              unlock | cancel-unlock       begin, or end, to unlock what a gateway pays from
              withdraw                     take back what is unlocked

            Where the orchestrator's key is elsewhere (io.millrace.wallet.orchestratorAccount, -ethOrchAddr), --write-out
            writes the transactions of an action as JSON, as eth_signTransaction has them. Sign them in their order where
            the key is, put what comes out, 0x02..., into a file, one a line, and send that: 'millrace account send FILE'.
            They hold until the account sends something else; sending the same file again waits for the same ones.
            """,
            AccountCommand::run);

    /** Longer than the node waits for a block. */
    private static final Duration LIMIT = Duration.ofSeconds(120);

    private static final int DECIMALS = 18;
    private static final int MOST_WORDS = 6;

    private AccountCommand() {}

    private static int run(DistributionFolder home, List<String> words) throws InterruptedException, IOException {
        Options options = Options.parse(words, Set.of("--data", "--write-out"), Set.of("--json", "--yes"));
        List<String> action = options.rest(MOST_WORDS, COMMAND.synopsis());
        AdminClient node = AdminClient.of(DataFolder.of(home, options));
        if (action.isEmpty()) {
            JsonObject state = (JsonObject) node.get("/api/account");
            System.out.print(options.has("--json") ? state + System.lineSeparator() : text(state));
            return 0;
        }
        if (action.getFirst().equals("send")) {
            if (action.size() != 2) {
                throw new Refused("Usage: millrace account send FILE");
            }
            System.out.println(post(node, "/send", contents(Path.of(action.getLast()))));
            return 0;
        }
        String line = String.join(" ", action);
        Optional<String> file = options.one("--write-out");
        if (file.isPresent()) {
            return writeOut(node, line, Path.of(file.get()));
        }
        JsonObject plan = (JsonObject) AdminClient.json(post(node, "/plan", line));
        System.out.print(options.has("--json") ? plan + System.lineSeparator() : plan(plan));
        if (plan.get("answer") != JsonValue.NULL) {
            return 1;
        }
        if (options.has("--yes")) {
            System.out.println(post(node, "/do", line));
        } else if (!options.has("--json")) {
            System.out.println("Nothing was sent. Add --yes to do it.");
        }
        return 0;
    }

    private static String post(AdminClient node, String path, String body) throws InterruptedException {
        return node.send("POST", "/api/account" + path, BodyPublishers.ofString(body), LIMIT);
    }

    /** It may hold what cannot be made again, so that an older file stays. */
    private static int writeOut(AdminClient node, String line, Path file) throws InterruptedException, IOException {
        JsonArray transactions = (JsonArray) AdminClient.json(post(node, "/unsigned", line));
        StringBuilder text = new StringBuilder("[");
        String between = System.lineSeparator();
        for (JsonValue transaction : transactions) {
            text.append(between).append(transaction);
            between = "," + System.lineSeparator();
        }
        text.append(System.lineSeparator()).append("]").append(System.lineSeparator());
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw Refused.failed("There is a file " + file + " already, which is left as it is. Name another one.");
        }
        for (JsonObject transaction : transactions.getValuesAs(JsonObject.class)) {
            System.out.println(transaction.getString("what"));
        }
        System.out.println(file + " is to be signed by " + transactions.getJsonObject(0).getString("from") + ", then: millrace"
                + " account send SIGNED");
        return 0;
    }

    private static String contents(Path file) {
        try {
            return Files.readString(file, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            throw Refused.failed("The signed transactions cannot be read from " + file + " (" + e.getMessage() + ").");
        }
    }

    static String plan(JsonObject plan) {
        StringBuilder text = new StringBuilder();
        line(text, "account " + plan.getString("signer") + " would " + plan.getString("what"));
        plan.getJsonArray("steps").getValuesAs(JsonString.class).forEach(step -> line(text, "  " + step.getString()));
        if (!plan.getJsonArray("steps").isEmpty()) {
            line(text, "gas about " + plan.getString("gas") + ", " + eth(plan, "gasCost") + " ETH; paid besides "
                    + eth(plan, "value") + " ETH");
        }
        if (plan.get("answer") instanceof JsonString answer) {
            line(text, answer.getString());
        }
        return text.toString();
    }

    static String text(JsonObject state) {
        StringBuilder text = new StringBuilder();
        boolean cold = !state.getString("account").equals(state.getString("orchestrator"));
        line(text, "account " + state.getString("account") + ": " + eth(state, "balance") + " ETH, " + eth(state, "tokens")
                + " LPT");
        line(text, "deposit " + eth(state, "deposit") + " ETH, reserve " + eth(state, "reserve") + " ETH");
        line(text, "orchestrator " + state.getString("orchestrator") + (cold ? ", whose key is elsewhere: " : ": ")
                + (state.getBoolean("active") ? "active" : state.getBoolean("registered") ? "registered" : "not registered"));
        if (state.getBoolean("registered")) {
            line(text, "at " + (state.getString("serviceUri").isEmpty() ? "no address" : state.getString("serviceUri")));
            line(text, "stake " + eth(state, "stake") + " LPT, of its own " + eth(state, "pendingStake") + " LPT; fees to"
                    + " withdraw " + eth(state, "pendingFees") + " ETH");
        }
        for (JsonObject lock : state.getJsonArray("locks").getValuesAs(JsonObject.class)) {
            line(text, "unbonding " + lock.get("number") + ": " + eth(lock, "amount") + " LPT from round "
                    + lock.getString("withdrawRound") + " on");
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append(System.lineSeparator());
    }

    private static String eth(JsonObject fields, String name) {
        BigDecimal exact = new BigDecimal(new BigInteger(fields.getString(name)), DECIMALS);
        return exact.signum() == 0 ? "0" : exact.stripTrailingZeros().toPlainString();
    }
}

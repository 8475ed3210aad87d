package io.millrace.launcher;

import jakarta.json.JsonArray;
import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;

/** What an on-chain node has earned and paid, and its whole ledger. */
final class MoneyCommand {

    static final Command COMMAND = new Command(
            "money",
            "[csv | json] [--data DIR] [--json]",
            "What an on-chain node earned and paid; 'csv' and 'json' write its whole ledger",
            """
            Amounts are in ETH. WORTH is what tickets are worth on average, WON what winning ones promise, PAID what the
            contract has really paid for them. 'csv' and 'json' write every entry of the ledger, in wei and exact, to the
            standard output; the secret numbers of winning tickets are left out.
            """,
            MoneyCommand::run);

    private static final int WEI_DIGITS = 18;
    private static final int SHOWN_DIGITS = 9;

    private MoneyCommand() {}

    private static int run(DistributionFolder home, List<String> words) throws InterruptedException {
        Options options = Options.parse(words, Set.of("--data"), Set.of("--json"));
        List<String> rest = options.rest(1, COMMAND.synopsis());
        if (!rest.isEmpty() && !Set.of("csv", "json").contains(rest.getFirst())) {
            throw new Refused("Usage: " + COMMAND.synopsis());
        }
        AdminClient node = AdminClient.of(DataFolder.of(home, options));
        if (!rest.isEmpty()) {
            node.copy("/api/money/journal." + rest.getFirst(), System.out);
            return 0;
        }
        JsonObject money = (JsonObject) node.get("/api/money");
        System.out.print(options.has("--json") ? money + System.lineSeparator() : text(money));
        return 0;
    }

    static String text(JsonObject money) {
        if (!money.containsKey("received")) {
            return "This node is off-chain: nothing is paid." + System.lineSeparator();
        }
        StringBuilder text = new StringBuilder();
        text.append("account ").append(money.getString("account", "none")).append(System.lineSeparator());
        if (money.get("funds") instanceof JsonObject funds) {
            text.append("deposit ").append(eth(funds, "deposit"));
            text.append(", reserve ").append(eth(funds, "reserve")).append(System.lineSeparator());
        }
        if (money.containsKey("orchestrator")) {
            text.append("orchestrator ")
                    .append(money.getString("orchestrator"))
                    .append(", whose key is elsewhere")
                    .append(System.lineSeparator());
        }
        if (money.get("limits") instanceof JsonArray limits) {
            for (JsonObject limit : limits.getValuesAs(JsonObject.class)) {
                text.append(limit.getString("what")).append(": ").append(eth(limit, "spent"));
                text.append(" of ").append(eth(limit, "most")).append(System.lineSeparator());
            }
        }
        JsonArray received = money.getJsonArray("received");
        if (!received.isEmpty()) {
            Table table = new Table("EARNED FROM", "WORTH", "WORK", "WINNERS", "WON", "REDEEMED", "PAID");
            for (JsonObject line : received.getValuesAs(JsonObject.class)) {
                table.row(
                        line.getString("peer"),
                        eth(line, "value"),
                        eth(line, "work"),
                        line.get("winners").toString(),
                        eth(line, "faceValue"),
                        line.get("redeemed").toString(),
                        eth(line, "paid"));
            }
            text.append(table);
        }
        JsonArray sent = money.getJsonArray("sent");
        if (!sent.isEmpty()) {
            Table table = new Table("PAID TO", "WORTH", "WORK");
            for (JsonObject line : sent.getValuesAs(JsonObject.class)) {
                table.row(line.getString("peer"), eth(line, "value"), eth(line, "work"));
            }
            text.append(table);
        }
        int waiting = money.getJsonArray("pending").size();
        if (waiting > 0) {
            text.append(waiting == 1 ? "1 winning ticket waits" : waiting + " winning tickets wait")
                    .append(" to be redeemed")
                    .append(System.lineSeparator());
        }
        for (JsonString problem : money.getJsonArray("problems").getValuesAs(JsonString.class)) {
            text.append(problem.getString()).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static String eth(JsonObject line, String name) {
        return new BigDecimal(new BigInteger(line.getString(name)), WEI_DIGITS)
                .setScale(SHOWN_DIGITS, RoundingMode.HALF_UP)
                .toPlainString();
    }
}

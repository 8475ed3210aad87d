package io.millrace.launcher;

import jakarta.json.JsonObject;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Set;

/** What a gateway would be quoted for a job now, and why. */
final class PriceCommand {

    static final Command COMMAND = new Command(
            "price",
            "--for ADDRESS [--capability PIPELINE] [--model NAME] [--data DIR] [--json]",
            "What an orchestrator would quote a gateway for a job now, and why",
            """
            ADDRESS is the account that the gateway pays from. Without --capability the job is transcoding; with it, it is
            work of that pipeline, such as text-to-image, and of the model that --model names. Prices are in wei for a unit,
            which is a pixel for transcoding. The answer is made by the code that answers gateways, and promises nothing.
            """,
            PriceCommand::run);

    private static final int SHOWN_DIGITS = 6;

    private PriceCommand() {}

    private static int run(DistributionFolder home, List<String> words) throws InterruptedException {
        Options options = Options.parse(words, Set.of("--for", "--capability", "--model", "--data"), Set.of("--json"));
        options.rest(0, COMMAND.synopsis());
        String gateway = options.one("--for").orElseThrow(() -> new Refused("Usage: " + COMMAND.synopsis()));
        StringBuilder query = new StringBuilder("/api/money/price?for=").append(AdminClient.escaped(gateway));
        options.one("--capability").ifPresent(name -> query.append("&capability=").append(AdminClient.escaped(name)));
        options.one("--model").ifPresent(name -> query.append("&model=").append(AdminClient.escaped(name)));
        JsonObject quote = (JsonObject) AdminClient.of(DataFolder.of(home, options)).get(query.toString());
        System.out.print(options.has("--json") ? quote + System.lineSeparator() : text(quote));
        return quote.isNull("refusal") ? 0 : 1;
    }

    static String text(JsonObject quote) {
        StringBuilder text = new StringBuilder();
        if (!quote.isNull("refusal")) {
            line(text, "quoted no price: " + quote.getString("refusal"));
            return text.toString();
        }
        line(text, quote.isNull("price") ? "free: nothing is asked" : decimal(quote.getString("price")) + " wei for a unit");
        for (JsonString reason : quote.getJsonArray("reasons").getValuesAs(JsonString.class)) {
            line(text, "- " + reason.getString());
        }
        if (quote.get("faceValue") != JsonValue.NULL) {
            line(text, "a ticket is worth " + decimal(quote.getString("ticketValue")) + " wei on average; a winning one pays "
                    + quote.getString("faceValue") + " wei");
        }
        return text.toString();
    }

    /** An exact fraction, cut to what can be read. */
    private static String decimal(String fraction) {
        String[] terms = fraction.split("/");
        BigDecimal cut = new BigDecimal(terms[0])
                .divide(new BigDecimal(terms.length > 1 ? terms[1] : "1"), SHOWN_DIGITS, RoundingMode.HALF_UP);
        return cut.signum() == 0 ? fraction : cut.stripTrailingZeros().toPlainString();
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append(System.lineSeparator());
    }
}

package io.millrace.ops.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The answers of off-chain nodes of go-livepeer 0.9.1, recorded one after the other as fresh nodes gave them:
 * request, status, media type and body with tabs between.
 */
class RecordedAnswersTest {

    private record Row(String request, int status, String type, String body) {}

    @Test
    void aGatewayAnswersAsGoLivepeersDoes() throws Exception {
        try (CliNode cli = new CliNode("gateway")) {
            cli.settings.values.put("io.millrace.kernel.gateway.orchestrators", "127.0.0.1:18977");
            cli.settings.values.put(CliNode.PROFILES, "P240p30fps16x9,P360p30fps16x9");
            cli.settings.values.put("io.millrace.kernel.gateway.maxPricePerUnit", "0");
            cli.settings.values.put("io.millrace.kernel.gateway.pixelsPerUnit", "1");
            cli.settings.values.put("io.millrace.kernel.gateway.maxPrices", "");
            assertEquals(List.of(), differences(cli, "gateway.tsv", Map.of()));
            assertEquals("text-to-image/y=1/1", cli.settings.values.get("io.millrace.kernel.gateway.maxPrices"));
        }
    }

    @Test
    void anOrchestratorAnswersAsGoLivepeersDoes() throws Exception {
        try (CliNode cli = new CliNode("orchestrator")) {
            cli.settings.values.put("io.millrace.kernel.orchestrator.pricePerUnit", "0");
            cli.settings.values.put("io.millrace.kernel.orchestrator.pixelsPerUnit", "1");
            cli.settings.values.put("io.millrace.kernel.orchestrator.prices", "");
            Map<String, Integer> others = new HashMap<>();
            // Transcoding options and maximum prices are a gateway's: that orchestrator keeps some that it does not use.
            others.put("/setBroadcastConfig?transcodingOptions=P144p30fps16x9,P999", 400);
            others.put("/setBroadcastConfig?maxPricePerUnit=10&pixelsPerUnit=3", 400);
            others.put("/getBroadcastConfig", 200);
            assertEquals(List.of(), differences(cli, "orchestrator.tsv", others));
        }
    }

    private static List<String> differences(CliNode cli, String file, Map<String, Integer> others) throws Exception {
        List<Row> rows = read(file);
        assertTrue(rows.size() > 80, "all that was recorded is there");
        List<String> differences = new ArrayList<>();
        for (Row row : rows) {
            HttpResponse<String> answer = answer(cli, row.request());
            if (others.containsKey(row.request())) {
                assertEquals(others.get(row.request()), answer.statusCode(), row.request() + answer.body());
            } else {
                compare(row, answer, differences);
            }
        }
        return differences;
    }

    /** That node was asked with GET for everything; here a change is posted, as livepeer_cli does it. */
    private static HttpResponse<String> answer(CliNode cli, String request) throws Exception {
        HttpResponse<String> answer = cli.get(request);
        String[] parts = request.split("\\?", 2);
        return answer.statusCode() == 405 && answer.headers().firstValue("Allow").filter("POST"::equals).isPresent()
                ? cli.post(parts[0], parts.length > 1 ? parts[1] : "")
                : answer;
    }

    private static void compare(Row row, HttpResponse<String> answer, List<String> differences) {
        String seen = answer.statusCode() + " " + answer.headers().firstValue("Content-Type").orElse("").replace(";", "; ") + " "
                + comparable(row.request(), answer.body());
        String expected = row.status() + " " + row.type() + " " + comparable(row.request(), row.body());
        if (!seen.equals(expected)) {
            differences.add(row.request() + " answers " + seen + " and not " + expected);
        }
    }

    /** Without what is each node's own: versions, the order of a set, prices that are not there yet. */
    private static String comparable(String request, String body) {
        return switch (request) {
            case "/status" -> body.replaceAll("\"(Version|GolangRuntimeVersion)\":\"[^\"]+\"", "\"$1\":\"\"")
                    .replaceAll("\"BroadcasterPrices\":\\{[^}]*}", "\"BroadcasterPrices\":{}");
            case "/getAvailableTranscodingOptions" -> Arrays.stream(body.split("[\\[\\],]")).sorted().toList().toString();
            case "/getBroadcastConfig" -> body
                    .replaceAll("\"P240p30fps4x3,P360p30fps16x9\"|\"P144p30fps16x9\"|\"\"", "\"...\"");
            // That node sends the error and what follows after it.
            case "/getNetworkCapabilities" -> body.lines().findFirst().orElse("");
            default -> body;
        };
    }

    private static List<Row> read(String file) throws IOException {
        try (InputStream in = RecordedAnswersTest.class.getResourceAsStream(file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.split("\t", -1))
                    .map(part -> new Row(part[0], Integer.parseInt(part[1]), part[2], part[3].replace("\\n", "\n")))
                    .toList();
        }
    }
}

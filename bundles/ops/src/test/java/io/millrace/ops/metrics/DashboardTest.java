package io.millrace.ops.metrics;

import static io.millrace.ops.Samples.FAR;
import static io.millrace.ops.Samples.NEAR;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.node.NodeControl.SessionStatus;
import io.millrace.api.value.ManifestId;
import io.millrace.ops.FakeNode;
import io.millrace.ops.Samples;
import io.millrace.testkit.SampleEvents.AttemptFailed;
import io.millrace.testkit.SampleEvents.JobRefused;
import io.millrace.testkit.SampleEvents.Suspended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The dashboard that comes with the distribution asks for nothing that no node has. */
class DashboardTest {

    private static final Path FILE = Path.of("../../grafana/millrace.json");
    private static final Pattern EXPRESSION = Pattern.compile("\"expr\": \"((?:[^\"\\\\]|\\\\.)*)\"");
    private static final Pattern METRIC = Pattern.compile("\\b(?:livepeer|millrace|jvm|process)_[a-z0-9_]+");

    private static Set<String> exposed() {
        FakeNode node = new FakeNode();
        node.sessions = List.of(new SessionStatus("s", Instant.EPOCH, 1, 0));
        node.maxSessions = 10;
        NodeMeters meters = new NodeMeters();
        ManifestId stream = new ManifestId("abc");
        meters.happened(Samples.started("abc"));
        meters.happened(Samples.selected("abc", 0, NEAR, "nearest"));
        meters.happened(new AttemptFailed(stream, 0, NEAR, "Timeout"));
        meters.happened(new Suspended(NEAR, "Timeout"));
        meters.happened(Samples.settled("abc", 0, "transcoded", "", Optional.of(FAR), 2));
        meters.happened(Samples.missing("abc", 1, "no-session", "nobody"));
        meters.happened(Samples.served("s", 0, Optional.empty()));
        meters.happened(new JobRefused("CAPPED", "OrchestratorCapped"));
        return new PrometheusText(new Scrape(node, meters, () -> 12, () -> Map.of("ACTIVE", 17), "host").text())
                .samples.keySet().stream()
                        .map(sample -> sample.substring(0, sample.indexOf('{')))
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMetricItAsksForIsOneThatANodeHas() throws IOException {
        List<String> expressions = EXPRESSION
                .matcher(Files.readString(FILE))
                .results()
                .map(match -> match.group(1))
                .toList();
        assertTrue(expressions.size() > 40, "the expressions are found");
        Set<String> asked = new TreeSet<>();
        for (String expression : expressions) {
            List<String> metrics =
                    METRIC.matcher(expression).results().map(match -> match.group()).toList();
            assertTrue(!metrics.isEmpty(), expression);
            asked.addAll(metrics);
        }
        asked.removeAll(exposed());
        assertEquals(Set.of(), asked);
    }
}

package io.millrace.ops.cli;

import io.millrace.api.network.Directory;
import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.Authority;
import io.millrace.ops.web.OperatorServlet;
import io.millrace.ops.web.Refusals;
import io.millrace.ops.web.Sites;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Go-livepeer's CLI API on the server that {@code -cliAddr} names. As there, any method will do, and who
 * reaches it from this machine may change the node; another site's page may not, and from elsewhere it takes the
 * console's password.
 */
@Component(
        service = Servlet.class,
        property = {
            "millrace.http.server=admin",
            "millrace.http.path=/status",
            "millrace.http.path=/streamID",
            "millrace.http.path=/manifestID",
            "millrace.http.path=/localStreams",
            "millrace.http.path=/IsOrchestrator",
            "millrace.http.path=/IsRedeemer",
            "millrace.http.path=/debug",
            "millrace.http.path=/debug/pprof/*",
            "millrace.http.path=/getLogLevel",
            "millrace.http.path=/setLogLevel",
            "millrace.http.path=/getBroadcastConfig",
            "millrace.http.path=/setBroadcastConfig",
            "millrace.http.path=/getAvailableTranscodingOptions",
            "millrace.http.path=/setMaxSessions",
            "millrace.http.path=/setPriceForBroadcaster",
            "millrace.http.path=/setMaxFaceValue",
            "millrace.http.path=/setMaxPriceForCapability",
            "millrace.http.path=/getAISessionPoolsInfo",
            "millrace.http.path=/getNetworkCapabilities",
            "millrace.http.path=/registerLiveRunners",
            "millrace.http.path=/EthChainID",
            "millrace.http.path=/currentBlock",
            "millrace.http.path=/orchestratorInfo",
            "millrace.http.path=/currentRound",
            "millrace.http.path=/initializeRound",
            "millrace.http.path=/roundInitialized",
            "millrace.http.path=/activateOrchestrator",
            "millrace.http.path=/setOrchestratorConfig",
            "millrace.http.path=/bond",
            "millrace.http.path=/rebond",
            "millrace.http.path=/unbond",
            "millrace.http.path=/withdrawStake",
            "millrace.http.path=/unbondingLocks",
            "millrace.http.path=/withdrawFees",
            "millrace.http.path=/claimEarnings",
            "millrace.http.path=/delegatorInfo",
            "millrace.http.path=/orchestratorEarningPoolsForRound",
            "millrace.http.path=/registeredOrchestrators",
            "millrace.http.path=/reward",
            "millrace.http.path=/protocolParameters",
            "millrace.http.path=/contractAddresses",
            "millrace.http.path=/ethAddr",
            "millrace.http.path=/tokenBalance",
            "millrace.http.path=/ethBalance",
            "millrace.http.path=/transferTokens",
            "millrace.http.path=/requestTokens",
            "millrace.http.path=/signMessage",
            "millrace.http.path=/vote",
            "millrace.http.path=/voteOnProposal",
            "millrace.http.path=/setMaxGasPrice",
            "millrace.http.path=/setMinGasPrice",
            "millrace.http.path=/maxGasPrice",
            "millrace.http.path=/minGasPrice",
            "millrace.http.path=/fundDepositAndReserve",
            "millrace.http.path=/fundDeposit",
            "millrace.http.path=/unlock",
            "millrace.http.path=/cancelUnlock",
            "millrace.http.path=/withdraw",
            "millrace.http.path=/senderInfo",
            "millrace.http.path=/ticketBrokerParams"
        })
public final class CliServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;
    private static final String PROFILER = "/debug/pprof/";

    private final transient Collection<Directory> directories = new CopyOnWriteArrayList<>();
    private final transient Map<String, Route> routes;

    /** Answers for this node. */
    @Activate
    public CliServlet(
            @Reference NodeView node,
            @Reference StreamTally tally,
            @Reference LogLevel level,
            @Reference Knobs knobs) {
        super(node::hosts, new Open());
        Prices prices = new Prices(knobs);
        NodeAnswers answers = new NodeAnswers(node, tally, new Pool(knobs, () -> directories), prices);
        List<Route> table = Routes.of(
                answers,
                new BroadcastConfig(knobs),
                prices,
                new MaxSessions(knobs, answers::roles),
                new Verbosity(level));
        routes = table.stream().collect(Collectors.toUnmodifiableMap(Route::path, Function.identity()));
    }

    /** Whoever gets past the other checks. */
    private static final class Open implements Authority {
        @Override
        public boolean permits(String header) {
            return true;
        }

        @Override
        public String hint() {
            return "";
        }
    }

    /** What is answered. */
    Set<String> paths() {
        return routes.keySet();
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindDirectory(Directory directory) {
        directories.add(directory);
    }

    void unbindDirectory(Directory directory) {
        directories.remove(directory);
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Route> route = route(request);
        if (route.isPresent() && route.get().changes()) {
            if (request.getMethod().equals("HEAD")) {
                notAllowed(response, "GET, POST");
                return;
            }
            if (Sites.foreign(request)) {
                Refusals.foreignSite(response);
                return;
            }
        }
        send(route, request, response);
    }

    @Override
    protected void change(HttpServletRequest request, HttpServletResponse response) throws IOException {
        send(route(request), request, response);
    }

    private Optional<Route> route(HttpServletRequest request) {
        String path = request.getRequestURI();
        return Optional.ofNullable(routes.get(path.startsWith(PROFILER) ? PROFILER + "*" : path));
    }

    private void send(Optional<Route> route, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (route.isEmpty()) {
            text(response, HttpServletResponse.SC_NOT_FOUND, "404 page not found");
        } else {
            send(response, route.get().to(new Sent(request)));
        }
    }

    private record Sent(HttpServletRequest request) implements Form {
        @Override
        public String value(String name) {
            String value = request.getParameter(name);
            return value == null ? "" : value;
        }

        @Override
        public boolean posted() {
            return request.getMethod().equals("POST");
        }
    }

    private static void send(HttpServletResponse response, Answer answer) throws IOException {
        if (answer.type().isEmpty()) {
            response.setStatus(answer.status());
            response.setContentLength(0);
        } else {
            send(response, answer.status(), answer.type(), answer.bytes());
        }
    }
}

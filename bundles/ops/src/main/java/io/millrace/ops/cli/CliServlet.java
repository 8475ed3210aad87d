package io.millrace.ops.cli;

import io.millrace.api.network.Directory;
import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.PriceFeed;
import io.millrace.api.payment.Wallet;
import io.millrace.ops.page.PageServlet;
import io.millrace.ops.settings.NodeSettings;
import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.Authority;
import io.millrace.ops.web.OperatorServlet;
import io.millrace.ops.web.RequestOrigin;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * Go-livepeer's CLI API on the server that {@code -cliAddr} names, and the node's pages at the paths that it does not
 * have. Everybody on this machine may read. A change takes what a fetched URL cannot carry, a POST with a form as its
 * body, and a caller on this machine who speaks for no other site; everybody else shows the token of the run.
 */
@Component(service = Servlet.class, property = {"millrace.http.server=admin", "millrace.http.path=/*"})
public final class CliServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String PROFILER = "/debug/pprof/";

    private final transient Collection<Directory> directories = new CopyOnWriteArrayList<>();
    private final transient AtomicReference<ChainAccount> account = new AtomicReference<>();
    private final transient AtomicReference<Wallet> wallet = new AtomicReference<>();
    private final transient AtomicReference<PriceFeed> feed = new AtomicReference<>();
    private final transient PageServlet pages;
    private final transient Map<String, Route> routes;

    @Activate
    public CliServlet(
            @Reference NodeView node,
            @Reference StreamCounters tally,
            @Reference LogLevel level,
            @Reference NodeSettings settings,
            @Reference Authority authority,
            @Reference PageServlet pages) {
        super(node::hosts, authority);
        this.pages = pages;
        Prices prices = new Prices(settings, node, () -> Optional.ofNullable(feed.get()));
        NodeAnswers answers = new NodeAnswers(node, tally, new OrchestratorList(settings, () -> directories), prices);
        ChainReads chain = new ChainReads(() -> Optional.ofNullable(account.get()), prices, InstantSource.system());
        List<Route> table = Routes.of(
                answers,
                new BroadcastConfig(settings, prices),
                prices,
                new MaxFaceValue(settings),
                new MaxSessions(settings, answers::roles),
                level,
                chain,
                new ChainChanges(chain, () -> Optional.ofNullable(wallet.get()), prices));
        routes = table.stream().collect(Collectors.toUnmodifiableMap(Route::path, Function.identity()));
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bindDirectory(Directory directory) {
        directories.add(directory);
    }

    void unbindDirectory(Directory directory) {
        directories.remove(directory);
    }

    /** Without one, the node answers as off-chain. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAccount(ChainAccount instance) {
        account.set(instance);
    }

    void unbindAccount(ChainAccount instance) {
        account.compareAndSet(instance, null);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindWallet(Wallet instance) {
        wallet.set(instance);
    }

    void unbindWallet(Wallet instance) {
        wallet.compareAndSet(instance, null);
    }

    /** Without one, prices are in wei and ETH only. */
    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindFeed(PriceFeed instance) {
        feed.set(instance);
    }

    void unbindFeed(PriceFeed instance) {
        feed.compareAndSet(instance, null);
    }

    @Override
    protected boolean permits(HttpServletRequest request) {
        return RequestOrigin.direct(request) && hosts().isOwn(request.getHeader("Host")) || super.permits(request);
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Route> route = route(request);
        if (route.isEmpty()) {
            pages.show(request, response);
        } else if (route.get().changes()) {
            response.setHeader("Allow", "POST");
            text(response, HttpServletResponse.SC_METHOD_NOT_ALLOWED, route.get().howToPost());
        } else {
            send(response, route.get().to(new Form(request)));
        }
    }

    @Override
    protected void change(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Route> route = route(request);
        if (route.isPresent() && route.get().changes() && request.getMethod().equals("POST")) {
            // a query could be part of an address that somebody else made; the form is what livepeer_cli sends
            if (isForm(request) && request.getQueryString() == null) {
                send(response, changed(route.get(), new Form(request)));
            } else {
                text(response, HttpServletResponse.SC_UNSUPPORTED_MEDIA_TYPE, route.get().howToPost());
            }
        } else {
            answer(request, response);
        }
    }

    private static CliAnswer changed(Route route, Form form) {
        try {
            return route.to(form);
        } catch (UncheckedIOException e) {
            return CliAnswer.lacking(e.getCause().getMessage());
        }
    }

    private static boolean isForm(HttpServletRequest request) {
        String type = request.getContentType();
        return type != null && type.split(";")[0].strip().equalsIgnoreCase(FORM);
    }

    private Optional<Route> route(HttpServletRequest request) {
        String path = request.getRequestURI();
        return Optional.ofNullable(routes.get(path.startsWith(PROFILER) ? PROFILER + "*" : path));
    }

    private static void send(HttpServletResponse response, CliAnswer answer) throws IOException {
        if (answer.type().isEmpty()) {
            response.setStatus(answer.status());
            response.setContentLength(0);
        } else {
            send(response, answer.status(), answer.type(), answer.body().toArray());
        }
    }
}

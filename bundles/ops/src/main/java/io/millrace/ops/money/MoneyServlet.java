package io.millrace.ops.money;

import io.millrace.api.job.JobSpec;
import io.millrace.api.node.NodeControl.PriceQuote;
import io.millrace.api.payment.Ledger;
import io.millrace.api.payment.Ledger.Format;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Ticket;
import io.millrace.api.payment.Wallet;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.OperatorServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Semaphore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * {@code GET /api/money}: what the node's account has, earned and paid. {@code GET /api/money/price}: what a gateway
 * would be quoted. {@code GET /api/money/journal.csv} and
 * {@code journal.json}: the whole ledger, for people and their programs; one export at a time.
 */
@Component(service = Servlet.class, property = {"millrace.http.server=admin", "millrace.http.path=/api/money/*"})
public final class MoneyServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;
    private static final String MONEY = "/api/money";
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final transient NodeView node;
    private final transient MoneyHistory history;
    private final transient Semaphore exports = new Semaphore(1);
    private transient volatile Wallet wallet;
    private transient volatile Settlement settlement;
    private transient volatile Ledger ledger;

    /** Shows what the parts that are bound say. */
    @Activate
    public MoneyServlet(@Reference NodeView node, @Reference MoneyHistory history) {
        super(node::hosts);
        this.node = node;
        this.history = history;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindWallet(Wallet instance) {
        wallet = instance;
    }

    void unbindWallet(Wallet instance) {
        wallet = wallet == instance ? null : wallet;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindSettlement(Settlement instance) {
        settlement = instance;
    }

    void unbindSettlement(Settlement instance) {
        settlement = settlement == instance ? null : settlement;
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindLedger(Ledger instance) {
        ledger = instance;
    }

    void unbindLedger(Ledger instance) {
        ledger = ledger == instance ? null : ledger;
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getRequestURI()) {
            case MONEY -> json(
                    response,
                    HttpServletResponse.SC_OK,
                    MoneySnapshot.of(
                            node.control(),
                            Optional.ofNullable(wallet).filter(own -> !own.address().equals(Address.NONE)),
                            Optional.ofNullable(settlement),
                            Optional.ofNullable(ledger),
                            history));
            case MONEY + "/journal.csv" -> export(response, Format.CSV, "text/csv; charset=utf-8");
            case MONEY + "/journal.json" -> export(response, Format.JSON, "application/json");
            case MONEY + "/price" -> price(request, response);
            default -> text(
                    response,
                    HttpServletResponse.SC_NOT_FOUND,
                    "there are " + MONEY + ", " + MONEY + "/price, " + MONEY + "/journal.csv and " + MONEY + "/journal.json");
        }
    }

    /** What a gateway would be quoted: {@code ?for=ADDRESS}, with {@code &capability=PIPELINE&model=NAME} for such work. */
    private void price(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String address = parameter(request, "for");
        String pipeline = parameter(request, "capability");
        OptionalInt capability = Capability.ofPipeline(pipeline);
        if (!address.matches("0x[0-9a-fA-F]{40}")) {
            text(response, HttpServletResponse.SC_BAD_REQUEST, "for is the gateway's address, 0x and 40 digits, not '" + address + "'");
        } else if (!pipeline.isEmpty() && capability.isEmpty()) {
            text(response, HttpServletResponse.SC_BAD_REQUEST, "capability is a pipeline such as text-to-image, not '" + pipeline + "'");
        } else if (pipeline.isEmpty() && !parameter(request, "model").isEmpty()) {
            text(response, HttpServletResponse.SC_BAD_REQUEST, "model needs the capability whose it is");
        } else {
            JobSpec job = pipeline.isEmpty()
                    ? JobSpec.anything()
                    : JobSpec.anything().forModel(capability.getAsInt(), parameter(request, "model"));
            Optional<PriceQuote> quote = node.control().flatMap(control -> control.quote(
                    new Address(Bytes.hex(address.substring(2))), job, Deadline.in(PATIENCE, InstantSource.system())));
            if (quote.isPresent()) {
                json(response, HttpServletResponse.SC_OK, shown(quote.get()));
            } else {
                text(response, HttpServletResponse.SC_NOT_FOUND, "this node is no orchestrator and quotes no prices");
            }
        }
    }

    private static String parameter(HttpServletRequest request, String name) {
        return Optional.ofNullable(request.getParameter(name)).orElse("").strip();
    }

    private static Map<String, Object> shown(PriceQuote quote) {
        Map<String, Object> shown = new LinkedHashMap<>();
        shown.put("price", quote.price().map(price -> price.perUnit().toString()));
        shown.put("base", quote.base().map(price -> price.perUnit().toString()));
        shown.put("ticketValue", quote.ticketParams().map(params -> Ticket.expectedValue(params).toString()));
        shown.put("faceValue", quote.ticketParams().map(params -> params.faceValue().toString()));
        shown.put("reasons", quote.reasons());
        shown.put("refusal", quote.refusal());
        return shown;
    }

    private void export(HttpServletResponse response, Format format, String type) throws IOException {
        Ledger now = ledger;
        if (now == null) {
            text(response, HttpServletResponse.SC_NOT_FOUND, "this node has no ledger: it is off-chain");
        } else if (!exports.tryAcquire()) {
            text(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "another export is running; ask again when it is done");
        } else {
            try {
                response.setContentType(type);
                now.export(format, response.getOutputStream());
            } catch (Fault e) {
                if (response.isCommitted()) {
                    throw new IOException("the ledger could not be read to its end", e);
                }
                response.reset();
                text(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, "the ledger cannot be read now: " + e.getMessage());
            } finally {
                exports.release();
            }
        }
    }
}

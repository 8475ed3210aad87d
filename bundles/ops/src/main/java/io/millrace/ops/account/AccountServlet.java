package io.millrace.ops.account;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.ChainAccount.Outcome;
import io.millrace.api.payment.ChainAccount.Plan;
import io.millrace.api.payment.ChainAccount.State;
import io.millrace.api.payment.ChainAccount.Unsigned;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.ops.status.NodeView;
import io.millrace.ops.web.Authority;
import io.millrace.ops.web.OperatorServlet;
import jakarta.servlet.Servlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /api/account}: what the node's account has and its orchestrator is. {@code POST} with an action in words
 * ({@link AccountWords}) as the body: {@code /plan} says what it would do and cost, {@code /do} does it, and
 * {@code /unsigned} answers its transactions, to be signed where the key is. {@code POST /api/account/send}: sends
 * those that were signed, one a line.
 */
@Component(service = Servlet.class, property = {"millrace.http.server=admin", "millrace.http.path=/api/account/*"})
public final class AccountServlet extends OperatorServlet {

    private static final long serialVersionUID = 1;
    private static final Logger LOG = LoggerFactory.getLogger(AccountServlet.class);
    private static final String ACCOUNT = "/api/account";
    private static final Duration PLAN = Duration.ofSeconds(30);

    /** Less than the port keeps a silent connection. */
    private static final Duration RECEIPT = Duration.ofSeconds(100);

    private static final int MOST_WORDS = 4096;
    private static final int MOST_SIGNED = 1 << 20;
    private static final int MOST_TRANSACTIONS = 16;
    private static final int CONFLICT = HttpServletResponse.SC_CONFLICT;

    private transient volatile ChainAccount account;

    /** Answers for the account that is bound. */
    @Activate
    public AccountServlet(@Reference NodeView node, @Reference Authority authority) {
        super(node::hosts, authority);
    }

    @Reference(
            cardinality = ReferenceCardinality.OPTIONAL,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void bindAccount(ChainAccount instance) {
        account = instance;
    }

    void unbindAccount(ChainAccount instance) {
        account = account == instance ? null : account;
    }

    @Override
    protected void answer(HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getRequestURI()) {
            case ACCOUNT -> asking(response, now -> json(response, HttpServletResponse.SC_OK, state(now)));
            case ACCOUNT + "/plan", ACCOUNT + "/do", ACCOUNT + "/unsigned", ACCOUNT + "/send" ->
                notAllowed(response, "POST");
            default -> unknown(response);
        }
    }

    @Override
    protected void change(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!request.getMethod().equals("POST")) {
            notAllowed(response, "GET, POST");
            return;
        }
        switch (request.getRequestURI()) {
            case ACCOUNT + "/plan" -> planning(request, response, (now, plan) -> json(response, HttpServletResponse.SC_OK, shown(plan)));
            case ACCOUNT + "/do" -> planning(request, response, (now, plan) -> {
                Outcome outcome = now.carryOut(plan, in(RECEIPT));
                LOG.info("The account was told to {}: {}", plan.what(), sentence(outcome));
                said(response, outcome);
            });
            case ACCOUNT + "/unsigned" -> planning(request, response, (now, plan) -> unsigned(response, now, plan));
            case ACCOUNT + "/send" -> asking(response, now -> send(request, response, now));
            default -> unknown(response);
        }
    }

    @FunctionalInterface
    private interface Answer {
        void of(ChainAccount account) throws IOException;
    }

    @FunctionalInterface
    private interface PlanAnswer {
        void of(ChainAccount account, Plan plan) throws IOException;
    }

    private void asking(HttpServletResponse response, Answer answer) throws IOException {
        ChainAccount now = account;
        if (now == null) {
            text(response, HttpServletResponse.SC_NOT_FOUND, "this node has no account: it is off-chain");
        } else if (now.address().equals(Address.NONE)) {
            text(
                    response,
                    HttpServletResponse.SC_SERVICE_UNAVAILABLE,
                    "this node has no account that is unlocked: configure io.millrace.wallet");
        } else {
            try {
                answer.of(now);
            } catch (IllegalArgumentException e) {
                text(response, HttpServletResponse.SC_BAD_REQUEST, e.getMessage());
            } catch (Fault e) {
                text(response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, e.getMessage());
            }
        }
    }

    private void planning(HttpServletRequest request, HttpServletResponse response, PlanAnswer answer) throws IOException {
        asking(response, now -> answer.of(
                now, now.plan(AccountWords.read(body(request, MOST_WORDS), now.orchestrator()), in(PLAN))));
    }

    private static void unsigned(HttpServletResponse response, ChainAccount now, Plan plan) throws IOException {
        List<Unsigned> all = now.unsigned(plan, in(PLAN));
        if (all.isEmpty()) {
            text(response, CONFLICT, plan.answer().map(AccountServlet::sentence).orElse("there is nothing to sign"));
        } else {
            json(response, HttpServletResponse.SC_OK, all.stream().map(AccountServlet::fields).toList());
        }
    }

    private static void send(HttpServletRequest request, HttpServletResponse response, ChainAccount now) throws IOException {
        List<Bytes> signed = new ArrayList<>();
        for (String line : body(request, MOST_SIGNED).strip().split("\\s+")) {
            if (!line.matches("0x([0-9a-fA-F]{2})+")) {
                throw new IllegalArgumentException("line " + (signed.size() + 1)
                        + " is no signed transaction, which is 0x02 and more hexadecimal digits, one transaction a line");
            }
            signed.add(Bytes.hex(line.substring(2)));
        }
        if (signed.size() > MOST_TRANSACTIONS) {
            throw new IllegalArgumentException("at most " + MOST_TRANSACTIONS + " transactions are sent at once");
        }
        Outcome outcome = now.send(signed, in(RECEIPT));
        LOG.info("Transactions that were signed elsewhere: {}", sentence(outcome));
        said(response, outcome);
    }

    private static void said(HttpServletResponse response, Outcome outcome) throws IOException {
        int status = switch (outcome) {
            case Outcome.Done done -> HttpServletResponse.SC_OK;
            case Outcome.Nothing nothing -> HttpServletResponse.SC_OK;
            case Outcome.Refused refused -> CONFLICT;
            case Outcome.NotKnown unknown -> HttpServletResponse.SC_ACCEPTED;
        };
        text(response, status, sentence(outcome));
    }

    private static String sentence(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> "done for " + done.gasCost() + " of gas, by "
                    + String.join(", ", done.transactions().stream().map(hash -> "0x" + hash.hex()).toList());
            case Outcome.Nothing nothing -> "there is nothing to do: " + nothing.message();
            case Outcome.Refused refused -> refused.message();
            case Outcome.NotKnown unknown -> unknown.message() + "; it goes on: look at the account before you ask again";
        };
    }

    private static Map<String, Object> shown(Plan plan) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("what", plan.what());
        fields.put("signer", plan.signer().checksummed());
        fields.put("steps", plan.steps());
        fields.put("value", plan.value().amount().toString());
        fields.put("gas", plan.gas().toString());
        fields.put("gasCost", plan.gasCost().amount().toString());
        fields.put("answer", plan.answer().map(AccountServlet::sentence).orElse(null));
        return fields;
    }

    /** The names and forms are those of JSON-RPC (eth_signTransaction), which tools that sign take. */
    private static Map<String, Object> fields(Unsigned transaction) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("what", transaction.what());
        fields.put("type", "0x2");
        fields.put("chainId", hex(transaction.chainId()));
        fields.put("from", transaction.from().checksummed());
        fields.put("to", transaction.to().checksummed());
        fields.put("nonce", hex(BigInteger.valueOf(transaction.nonce())));
        fields.put("value", hex(transaction.value().amount()));
        fields.put("data", "0x" + transaction.data().hex());
        fields.put("gas", hex(transaction.gas()));
        fields.put("maxFeePerGas", hex(transaction.maxFee().amount()));
        fields.put("maxPriorityFeePerGas", hex(transaction.maxPriorityFee().amount()));
        fields.put("accessList", List.of());
        return fields;
    }

    private static String hex(BigInteger number) {
        return "0x" + number.toString(16);
    }

    private static Map<String, Object> state(ChainAccount account) {
        State state = account.read(in(PLAN));
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("account", account.address().checksummed());
        fields.put("balance", state.balance().amount().toString());
        fields.put("tokens", state.tokens().toString());
        fields.put("deposit", state.funds().deposit().amount().toString());
        fields.put("reserve", state.funds().reserve().amount().toString());
        fields.put("withdrawRound", state.funds().withdrawRound());
        fields.put("orchestrator", account.orchestrator().checksummed());
        fields.put("registered", state.orchestrator().registered());
        fields.put("active", state.orchestrator().active());
        fields.put("serviceUri", state.orchestrator().serviceUri());
        fields.put("rewardCut", state.orchestrator().rewardCut().toString());
        fields.put("feeShare", state.orchestrator().feeShare().toString());
        fields.put("stake", state.orchestrator().stake().toString());
        fields.put("pendingStake", state.delegation().pendingStake().toString());
        fields.put("pendingFees", state.delegation().pendingFees().amount().toString());
        fields.put("locks", state.locks().stream()
                .map(lock -> Map.of(
                        "number", lock.number(),
                        "amount", lock.amount().toString(),
                        "withdrawRound", lock.withdrawRound().toString()))
                .toList());
        return fields;
    }

    private static String body(HttpServletRequest request, int most) throws IOException {
        byte[] body = request.getInputStream().readNBytes(most + 1);
        if (body.length > most) {
            throw new IllegalArgumentException("the body is longer than " + most + " bytes");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    private static Deadline in(Duration time) {
        return Deadline.in(time, InstantSource.system());
    }

    private static void unknown(HttpServletResponse response) throws IOException {
        text(
                response,
                HttpServletResponse.SC_NOT_FOUND,
                "there are GET " + ACCOUNT + ", and POST " + ACCOUNT + "/plan, /do, /unsigned and /send");
    }
}

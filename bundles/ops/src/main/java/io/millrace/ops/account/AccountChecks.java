package io.millrace.ops.account;

import io.millrace.api.node.NodeControl;
import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.ChainAccount.OrchestratorState;
import io.millrace.api.payment.ChainAccount.State;
import io.millrace.api.payment.Settlement;
import io.millrace.api.value.Address;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.ops.Poller;
import io.millrace.ops.status.NodeChecks;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/**
 * What an orchestrator lacks on the chain, and which of its two accounts lacks it. The chain is asked every half minute;
 * while it cannot be asked, what was seen last is told.
 */
@Component(service = NodeChecks.class)
public final class AccountChecks implements NodeChecks {

    private static final Duration PAUSE = Duration.ofSeconds(30);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** About what a redemption takes; 290,000 to 360,000 were measured on the published contracts. */
    private static final BigInteger REDEMPTION = BigInteger.valueOf(360_000);

    private static final BigInteger FEW = BigInteger.TEN;

    private final Poller.Task polling;
    private volatile NodeControl kernel;
    private volatile ChainAccount account;
    private volatile Settlement settlement;
    private volatile List<String> cautions = List.of();
    private Instant next = Instant.MIN;

    /** Looks at the account that is bound. */
    @Activate
    public AccountChecks(@Reference Poller poller) {
        polling = poller.start("the account", this::lookNowAndThen);
    }

    @Deactivate
    void stop() {
        polling.close();
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
    void bindKernel(NodeControl instance) {
        kernel = instance;
    }

    void unbindKernel(NodeControl instance) {
        kernel = kernel == instance ? null : kernel;
    }

    @Override
    public List<String> cautions() {
        return cautions;
    }

    private void lookNowAndThen() {
        Instant now = Instant.now();
        ChainAccount ofNode = account;
        Settlement chain = settlement;
        NodeControl control = kernel;
        if (now.isBefore(next)) {
            return;
        }
        boolean orchestrates = control != null && control.maxSessions() > 0;
        if (!orchestrates || ofNode == null || chain == null || ofNode.address().equals(Address.NONE)) {
            // the kernel says that as an obstacle
            cautions = List.of();
            return;
        }
        try {
            Deadline soon = Deadline.in(PATIENCE, InstantSource.system());
            cautions = lacking(ofNode, ofNode.read(soon), chain.state(soon));
        } catch (Fault e) {
            // the chain cannot be asked, or a wallet has just gone
        }
        next = now.plus(PAUSE);
    }

    static List<String> lacking(ChainAccount account, State state, Settlement.ChainState chain) {
        List<String> lacking = new ArrayList<>();
        BigInteger each = chain.gasPrice().amount().multiply(REDEMPTION);
        BigInteger redemptions = each.signum() == 0 ? FEW : state.balance().amount().divide(each);
        if (redemptions.compareTo(FEW) < 0) {
            lacking.add("account " + account.address().checksummed() + ", whose key this node has, can pay the gas of "
                    + redemptions + " redemptions: send it ETH");
        }
        String orchestrator = account.orchestrator().equals(account.address())
                ? "account " + account.address().checksummed()
                : "the orchestrator " + account.orchestrator().checksummed() + ", whose key is elsewhere,";
        OrchestratorState is = state.orchestrator();
        if (!is.registered()) {
            lacking.add(orchestrator + " has no stake with itself and is never paid: millrace account bond LPT");
        } else if (!is.active()) {
            lacking.add(orchestrator + " is not active in round " + chain.round() + " and is not paid: "
                    + (is.activationRound().compareTo(BigInteger.valueOf(chain.round())) > 0
                            ? "it is from round " + is.activationRound() + " on"
                            : "others have more stake"));
        }
        if (is.serviceUri().isEmpty()) {
            lacking.add(orchestrator + " is in the registry at no address, where gateways would find it: millrace account"
                    + " service-uri URI");
        }
        return List.copyOf(lacking);
    }
}

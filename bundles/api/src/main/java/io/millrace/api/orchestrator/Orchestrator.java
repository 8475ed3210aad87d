package io.millrace.api.orchestrator;

import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The port that is the same on both sides of the wire. The kernel implements it and the protocol
 * bundle exposes that object to the network; for a gateway the protocol bundle makes objects of this
 * type that stand for remote nodes. All calls block, on virtual threads; interruption cancels.
 */
@ProviderType
public interface Orchestrator {

    /**
     * Would you take such a job, and for how much? The terms of payment in the answer are made for this caller.
     *
     * @throws io.millrace.api.value.Fault when the peer cannot be reached or speaks nonsense
     */
    Quote quote(JobSpec spec, Caller caller, Deadline deadline);

    /**
     * Hands a job over. Returns as soon as it is accepted, which is before it is worked on: token,
     * capabilities, room and payment are checked first, then the body is read.
     *
     * @param token of the offer; empty is refused, as the wire allows to leave it out
     */
    Submission submit(Optional<AuthToken> token, Job job, Payment payment, Deadline deadline);

    /** Opens a live session. */
    LiveOpening open(Optional<AuthToken> token, LiveSpec spec, Payment payment, Deadline deadline);

    /**
     * Takes up a live session again that runs and whose transport was replaced. Whoever held its ports before gets
     * nothing more.
     *
     * @return the session, or a refusal when none of that name runs under this token's session
     */
    LiveOpening attach(Optional<AuthToken> token, ManifestId manifest, Deadline deadline);

    /** Payment without a job, to a balance of the sender's. Answers with the next offer. */
    Quote credit(Optional<AuthToken> token, BalanceId balance, Payment payment, Deadline deadline);

    /**
     * Ends a session: nothing more will be submitted under it. Work that runs is finished and its
     * results can still be fetched for a while.
     *
     * @return empty when it ended, else why the token was not accepted
     */
    Optional<Refusal> end(AuthToken token, Deadline deadline);
}

package io.millrace.kernel.gateway.carry;

import io.millrace.api.job.Failure;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Offer;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.payment.Payer.Settled;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.MessageSource;
import io.millrace.kernel.gateway.carry.Tried.Bad;
import io.millrace.kernel.gateway.carry.Tried.Good;
import io.millrace.kernel.gateway.find.Flight;
import io.millrace.kernel.gateway.reach.Peers;
import io.millrace.kernel.pipe.HeldPorts;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** One attempt: pays, hands the job over, waits, and settles the payment exactly once. */
public final class Carriage {

    private final Peers peers;
    private final Purse purse;
    private final InstantSource clock;

    /** Carries over {@code peers}, paid from {@code purse}. */
    public Carriage(Peers peers, Purse purse, InstantSource clock) {
        this.peers = peers;
        this.purse = purse;
        this.clock = clock;
    }

    /** What to do with an answer while its results can still be fetched. */
    public interface Receipt<T> {
        /** The job was done in {@code work}. */
        Tried<T> done(Offer offer, Completion.Done done, Duration work);

        /** The job answers with messages; closing their source gives back what the attempt holds. */
        default Tried<T> streaming(MessageSource<Bytes> messages, Duration work) {
            messages.close();
            return new Bad<>(Verdict.SUSPEND, "it answers with a stream, which was not asked for");
        }
    }

    /** Carries a job of about so many units. */
    public <T> Tried<T> carry(Flight flight, Job job, BigInteger units, Deadline deadline, Receipt<T> receipt) {
        return attempt(flight, units, deadline, trip -> {
            Submission submission = trip.orchestrator.submit(trip.token(), job, trip.staged.payment(), deadline);
            return switch (submission) {
                case Submission.NotSent no -> {
                    trip.staged.became(new Settled.NotSent());
                    yield new Bad<>(Verdict.SUSPEND, no.message());
                }
                case Refusal refusal -> new Bad<>(Verdict.of(refusal.reason()), refusal.message());
                case Accepted accepted -> {
                    trip.held.add(accepted::close);
                    yield received(trip, accepted.await(deadline), units, receipt);
                }
            };
        });
    }

    /** Opens a live session; its ports hold what the attempt held until they are closed. */
    public Tried<LiveOpening.Opened> open(Flight flight, LiveSpec spec, Deadline deadline) {
        return attempt(flight, BigInteger.ZERO, deadline, trip -> {
            LiveOpening opening = trip.orchestrator.open(trip.token(), spec, trip.staged.payment(), deadline);
            return switch (opening) {
                case Refusal refusal -> new Bad<>(Verdict.of(refusal.reason()), refusal.message());
                case LiveOpening.Opened opened -> {
                    trip.staged.became(new Settled.Used(BigInteger.ZERO));
                    trip.held.takeOver();
                    yield new Good<>(opened, trip.took(), Optional.empty());
                }
            };
        });
    }

    private static <T> Tried<T> received(Trip trip, Completion completion, BigInteger units, Receipt<T> receipt) {
        return switch (completion) {
            case Completion.Done done -> {
                trip.staged.became(new Settled.Used(sum(done.outputs())));
                yield receipt.done(trip.offer, done, trip.took());
            }
            case Completion.Failed failed -> {
                Failure failure = failed.failure();
                yield new Bad<>(Verdict.of(failure.kind()), failure.message(), failed.next());
            }
            case Completion.Streaming streaming -> {
                trip.staged.became(new Settled.Used(units));
                Held held = trip.held.takeOver();
                yield receipt.streaming(new HeldSource(streaming.messages(), held::close), trip.took());
            }
        };
    }

    private <T> Tried<T> attempt(Flight flight, BigInteger units, Deadline deadline, Journey<T> journey) {
        Offer offer = flight.offer();
        try (Held held = new Held()) {
            Peers.Peer peer = peers.reach(flight.endpoint(), deadline);
            held.add(peer::close);
            Purse.Staged staged = purse.stage(offer, units);
            held.add(staged::close);
            return journey.go(new Trip(offer, peer.orchestrator(), staged, held, clock, clock.instant()));
        } catch (Fault e) {
            return new Bad<>(Verdict.of(e), e.getMessage());
        } catch (RuntimeException e) {
            return new Bad<>(Verdict.SUSPEND, "the call failed: " + e);
        }
    }

    private static BigInteger sum(List<Output> outputs) {
        return outputs.stream()
                .map(output -> BigInteger.valueOf(output.units()))
                .reduce(BigInteger.ZERO, BigInteger::add);
    }

    @FunctionalInterface
    private interface Journey<T> {
        Tried<T> go(Trip trip);
    }

    private record Trip(
            Offer offer,
            Orchestrator orchestrator,
            Purse.Staged staged,
            Held held,
            InstantSource clock,
            Instant start) {

        Optional<AuthToken> token() {
            return Optional.of(offer.token());
        }

        Duration took() {
            return Duration.between(start, clock.instant());
        }
    }
}

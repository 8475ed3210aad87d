package io.millrace.arbitrum;

import io.millrace.api.payment.ChainAccount;
import io.millrace.api.payment.ChainAccount.Action;
import io.millrace.api.payment.ChainAccount.Outcome;
import io.millrace.api.payment.ChainAccount.Plan;
import io.millrace.api.payment.Settlement;
import io.millrace.api.payment.Settlement.ChainState;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.Fault;
import io.millrace.api.value.Registration;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an orchestrator does for the network round by round: initializes a round that nobody has initialized, and calls
 * its reward. Each of the two has a thread, which looks at the chain when a block or a round is told, and so is never
 * at work twice. What fails is said once, and is tried again at a block after a pause.
 */
final class Duties implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Duties.class);

    private static final Duration READ = Duration.ofSeconds(30);
    private static final Duration RECEIPT = Duration.ofMinutes(5);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    private final Settlement settlement;
    private final ChainAccount account;
    private final Settings settings;
    private final InstantSource clock;
    private final List<Duty> duties = new ArrayList<>();
    private final Registration watching;

    /**
     * Which of them.
     *
     * @param maxDelay the longest that is waited before a round is initialized, so that not all nodes do it at once
     */
    record Settings(boolean initializeRound, Duration maxDelay, boolean reward) {}

    Duties(Settlement settlement, ChainAccount account, Settings settings, InstantSource clock) {
        this.settlement = settlement;
        this.account = account;
        this.settings = settings;
        this.clock = clock;
        if (settings.initializeRound()) {
            duties.add(new Initialization());
        }
        if (settings.reward()) {
            duties.add(new Reward());
        }
        duties.forEach(Duty::start);
        watching = settlement.watch(notice -> duties.forEach(Duty::wake));
    }

    /** One of the two. All but {@code wanted} is its thread's own. */
    private abstract class Duty {
        private final String name;
        private final Thread thread;
        private boolean wanted;
        private Duration pause = FIRST_PAUSE;
        private Instant notBefore = Instant.MIN;
        private String said = "";

        /** Sent in this round, and not known to be in a block. */
        private Optional<Plan> sent = Optional.empty();
        private long sentRound;

        private Duty(String name) {
            this.name = name;
            thread = Thread.ofVirtual().name("arbitrum-" + name.replace(' ', '-')).unstarted(this::run);
        }

        /** Does it, where it is to be done now; a sentence when that did not succeed. */
        abstract Optional<String> look(ChainState state) throws InterruptedException;

        private void start() {
            thread.start();
        }

        private synchronized void wake() {
            wanted = true;
            notifyAll();
        }

        private synchronized void awaitNotice() throws InterruptedException {
            while (!wanted) {
                wait();
            }
            wanted = false;
        }

        /** Waits for so long, or until somebody has initialized the round; tells whether somebody has. */
        boolean initializedWithin(Duration time) throws InterruptedException {
            Instant until = clock.instant().plus(time);
            for (Instant now = clock.instant(); now.isBefore(until); now = clock.instant()) {
                awaitNotice(Duration.between(now, until));
                if (settlement.state(soon()).roundInitialized()) {
                    return true;
                }
            }
            return false;
        }

        private synchronized void awaitNotice(Duration patience) throws InterruptedException {
            if (!wanted) {
                wait(Math.max(1, patience.toMillis()));
            }
            wanted = false;
        }

        private void run() {
            try {
                while (true) {
                    awaitNotice();
                    if (!clock.instant().isBefore(notBefore)) {
                        attempt();
                    }
                }
            } catch (InterruptedException e) {
                // closed
            }
        }

        private void attempt() throws InterruptedException {
            Optional<String> problem;
            try {
                problem = look(settlement.state(soon()));
            } catch (Fault e) {
                problem = Optional.of(String.valueOf(e.getMessage()));
            } catch (RuntimeException e) {
                LOG.warn("To {} failed", name, e);
                problem = Optional.of(e.toString());
            }
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (problem.isEmpty()) {
                pause = FIRST_PAUSE;
                said = "";
                return;
            }
            if (!problem.get().equals(said)) {
                LOG.warn("To {} does not succeed: {}; it is tried again", name, problem.get());
                said = problem.get();
            }
            notBefore = clock.instant().plus(pause);
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        }

        /** What became of doing it. What was sent and is in no block yet is not sent again while its round lasts. */
        Outcome carryOut(Action action, long round) {
            Plan plan = sent.filter(pending -> sentRound == round).orElseGet(() -> account.plan(action, soon()));
            sent = Optional.empty();
            Outcome outcome = account.carryOut(plan, Deadline.in(RECEIPT, clock));
            if (outcome instanceof Outcome.NotKnown) {
                sent = Optional.of(plan);
                sentRound = round;
            }
            return outcome;
        }
    }

    /** Initializes the round of the newest block. */
    private final class Initialization extends Duty {

        private Initialization() {
            super("initialize a round");
        }

        @Override
        Optional<String> look(ChainState state) throws InterruptedException {
            if (state.roundInitialized()) {
                return Optional.empty();
            }
            long millis = settings.maxDelay().toMillis();
            if (millis > 0) {
                Duration delay = Duration.ofMillis(ThreadLocalRandom.current().nextLong(millis));
                LOG.info("A round has begun; this node initializes it in {} s, unless another one does", delay.toSeconds());
                if (initializedWithin(delay)) {
                    LOG.info("Another node has initialized the round");
                    return Optional.empty();
                }
            }
            // The plan looks at the chain once more.
            Outcome outcome = carryOut(new Action.InitializeRound(), state.round());
            return switch (outcome) {
                case Outcome.Done done -> {
                    LOG.info("Initialized the round after {} for {} of gas", state.round(), done.gasCost());
                    yield Optional.empty();
                }
                case Outcome.Nothing nothing -> {
                    LOG.info("Another node has initialized the round: {}", nothing.message());
                    yield Optional.empty();
                }
                case Outcome.Refused refused when initializedByAnother() -> {
                    LOG.info("Another node was faster to initialize the round: {}", refused.message());
                    yield Optional.empty();
                }
                case Outcome.Refused refused -> Optional.of(refused.message());
                case Outcome.NotKnown unknown -> Optional.of(unknown.message());
            };
        }

        /** The chain itself is asked, since the newest block may not have been seen yet. */
        private boolean initializedByAnother() {
            return account.plan(new Action.InitializeRound(), soon()).answer()
                    .filter(answer -> answer instanceof Outcome.Nothing
                            || answer instanceof Outcome.Refused refused
                                    && refused.message().contains("round already initialized"))
                    .isPresent();
        }
    }

    /** Calls the reward of a round, once, while the account is active. */
    private final class Reward extends Duty {
        private long calledRound = -1;

        private Reward() {
            super("call the reward");
        }

        @Override
        Optional<String> look(ChainState state) {
            long round = state.round();
            if (!state.roundInitialized()
                    || round == calledRound
                    || !settlement.isActive(account.orchestrator(), soon())) {
                return Optional.empty();
            }
            return switch (carryOut(new Action.Reward(), round)) {
                case Outcome.Done done -> {
                    LOG.info("Called the reward of round {} for {} of gas", round, done.gasCost());
                    calledRound = round;
                    yield Optional.empty();
                }
                case Outcome.Nothing nothing -> {
                    calledRound = round;
                    yield Optional.empty();
                }
                case Outcome.Refused refused -> Optional.of(refused.message());
                case Outcome.NotKnown unknown -> Optional.of(unknown.message());
            };
        }
    }

    private Deadline soon() {
        return Deadline.in(READ, clock);
    }

    /** What was sent stays sent. */
    @Override
    public void close() {
        watching.close();
        duties.forEach(duty -> duty.thread.interrupt());
    }
}

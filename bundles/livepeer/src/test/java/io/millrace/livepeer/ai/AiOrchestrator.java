package io.millrace.livepeer.ai;

import io.millrace.api.job.JobSpec;
import io.millrace.api.job.LiveSpec;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Caller;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Job;
import io.millrace.api.orchestrator.LiveOpening;
import io.millrace.api.orchestrator.Orchestrator;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.orchestrator.Payment;
import io.millrace.api.orchestrator.Quote;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.orchestrator.Submission;
import io.millrace.api.value.BalanceId;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import io.millrace.api.value.ManifestId;
import io.millrace.api.value.MessageSource;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.InMemoryObjectStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes AI jobs and answers as it is told to. */
final class AiOrchestrator implements Orchestrator {

    static final AuthToken TOKEN =
            new AuthToken(Bytes.hex("22".repeat(32)), new SessionId("5e551011"), Instant.ofEpochSecond(1_900_000_000));

    private static final Pattern URL = Pattern.compile("https://127\\.0\\.0\\.1:19002/stream/([0-9a-f]+/([^\"]+))");

    final InMemoryObjectStore store = new InMemoryObjectStore();
    final Semaphore hanging = new Semaphore(0);
    final Semaphore givenUp = new Semaphore(0);
    volatile Job last;
    volatile Optional<AuthToken> token = Optional.empty();
    private volatile Optional<Function<Job, Completion>> answer = Optional.empty();
    private volatile Optional<Refusal> refusal = Optional.empty();
    private volatile boolean hangs;

    void answers(Optional<Function<Job, Completion>> newAnswer) {
        answer = newAnswer;
        refusal = Optional.empty();
        hangs = false;
    }

    void refuses(Refusal newRefusal) {
        refusal = Optional.of(newRefusal);
    }

    void hangs() {
        hangs = true;
    }

    /** What go-livepeer's orchestrator answered, with its media where ours keeps them. */
    static Completion recorded(String body) {
        if (body.startsWith("data:")) {
            return streaming(List.of(body.split("(?<=\n\n)")));
        }
        List<Output> outputs = new ArrayList<>();
        Matcher urls = URL.matcher(body);
        String document = urls.replaceAll(found -> {
            outputs.add(output(found.group(1), "medium"));
            return found.group(2);
        });
        outputs.addFirst(output("answer.json", document));
        return Completion.Done.of(outputs);
    }

    /** A document that is no JSON, or names what is not there. */
    static Completion raw(String document) {
        return Completion.Done.of(List.of(output("answer.json", document)));
    }

    static Completion streaming(List<String> events) {
        Iterator<String> each = events.iterator();
        return new Completion.Streaming(
                new MessageSource<>() {
                    @Override
                    public Optional<Bytes> next(Deadline deadline) {
                        return each.hasNext() ? Optional.of(Bytes.utf8(each.next())) : Optional.empty();
                    }

                    @Override
                    public void close() {}
                },
                "text/event-stream");
    }

    private static Output output(String location, String content) {
        return new Output() {
            @Override
            public String name() {
                return location;
            }

            @Override
            public String location() {
                return location;
            }

            @Override
            public long units() {
                return 0;
            }

            @Override
            public String contentType() {
                return "image/png";
            }

            @Override
            public Bytes fetch(Deadline deadline) {
                return Bytes.utf8(content);
            }
        };
    }

    @Override
    public Submission submit(Optional<AuthToken> its, Job job, Payment payment, Deadline deadline) {
        last = job;
        token = its;
        if (refusal.isPresent()) {
            return refusal.get();
        }
        return new Accepted() {
            @Override
            public Completion await(Deadline until) {
                if (hangs) {
                    hang();
                }
                Completion completion = answer.orElseThrow().apply(job);
                if (completion instanceof Completion.Done done) {
                    done.outputs().stream().skip(1).forEach(each -> {
                        String[] path = each.location().split("/", 2);
                        store.put(new SessionId(path[0]), path[1], each.fetch(until));
                    });
                }
                return completion;
            }

            @Override
            public void close() {}
        };
    }

    private void hang() {
        hanging.release();
        try {
            new Semaphore(0).acquire();
        } catch (InterruptedException e) {
            givenUp.release();
            throw new IllegalStateException("given up", e);
        }
    }

    @Override
    public Quote quote(JobSpec spec, Caller caller, Deadline deadline) {
        throw new AssertionError("nobody asks");
    }

    @Override
    public LiveOpening open(Optional<AuthToken> its, LiveSpec spec, Payment payment, Deadline deadline) {
        throw new AssertionError("nobody opens sessions here");
    }

    @Override
    public LiveOpening attach(Optional<AuthToken> its, ManifestId manifest, Deadline deadline) {
        throw new AssertionError("nobody opens sessions here");
    }

    @Override
    public Quote credit(Optional<AuthToken> its, BalanceId balance, Payment payment, Deadline deadline) {
        throw new AssertionError("nobody pays here");
    }

    @Override
    public Optional<Refusal> end(AuthToken its, Deadline deadline) {
        return Optional.empty();
    }
}

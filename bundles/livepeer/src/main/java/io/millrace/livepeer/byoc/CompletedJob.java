package io.millrace.livepeer.byoc;

import io.millrace.api.job.Failure;
import io.millrace.api.orchestrator.Accepted;
import io.millrace.api.orchestrator.Completion;
import io.millrace.api.orchestrator.Output;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Deadline;
import java.util.List;
import java.util.Optional;

/** A job whose result is known when it is accepted, so that nobody has to wait for it. */
record CompletedJob(Completion completion) implements Accepted {

    static Completion done(Optional<String> contentType, Bytes body) {
        return Completion.Done.of(List.of(new Answer(contentType.orElse("application/octet-stream"), body)));
    }

    static Completion failed(Failure.Kind kind, String message) {
        return new Completion.Failed(new Failure(kind, message), Optional.empty());
    }

    @Override
    public Completion await(Deadline deadline) {
        return completion;
    }

    @Override
    public void close() {}

    private record Answer(String contentType, Bytes body) implements Output {

        @Override
        public String name() {
            return "answer";
        }

        @Override
        public String location() {
            return "";
        }

        @Override
        public long units() {
            return 0;
        }

        @Override
        public Bytes fetch(Deadline deadline) {
            return body;
        }
    }
}

package io.millrace.itests.process;

import io.millrace.itests.job.JobClient;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Clients that ask for the same again and again, until they are told to end. */
final class JobCallers implements AutoCloseable {

    private final JobClient client;
    private final String capability;
    private final String text;
    private final List<Thread> callers = new ArrayList<>();
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private final Map<String, Integer> answers = new ConcurrentHashMap<>();
    private volatile boolean ending;

    JobCallers(JobClient client, int count, String capability, String text) {
        this.client = client;
        this.capability = capability;
        this.text = text;
        for (int i = 0; i < count; i++) {
            callers.add(Thread.ofVirtual().start(this::ask));
        }
    }

    private void ask() {
        while (!ending) {
            try {
                HttpResponse<String> answer = client.ask(capability, text);
                if (answer.statusCode() == 200) {
                    answers.merge(answer.body(), 1, Integer::sum);
                } else {
                    failures.add(answer.statusCode() + " " + answer.body());
                }
            } catch (IOException e) {
                failures.add(e.toString());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** How often this was the answer. */
    int answered(String answer) {
        return answers.getOrDefault(answer, 0);
    }

    /** All answers, with their number. */
    Map<String, Integer> answers() {
        return Map.copyOf(answers);
    }

    List<String> failures() {
        return List.copyOf(failures);
    }

    /** Waits for the answers that are due. */
    @Override
    public void close() {
        ending = true;
        try {
            for (Thread caller : callers) {
                if (!caller.join(Await.PATIENCE)) {
                    caller.interrupt();
                    failures.add("a caller waits for an answer that does not come");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            failures.add("interrupted while callers wait for their answers");
        }
    }
}

package io.millrace.kernel.gateway;

import io.millrace.api.gateway.StreamSpec;
import io.millrace.api.publish.Publisher;
import io.millrace.api.publish.Publisher.Publication;
import io.millrace.kernel.Threads;
import io.millrace.kernel.lease.Foreign;
import io.millrace.kernel.lease.ForeignCall;
import io.millrace.kernel.lease.Lease;
import io.millrace.kernel.lease.CallFailed;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * One stream at one publisher, which is told everything in order, one call at a time. While a call takes too long,
 * what comes waits; when too much waits, all of that is lost for this publisher and it begins the stream anew.
 * Thread-safe.
 */
final class PublisherFeed {

    private static final System.Logger LOG = System.getLogger(PublisherFeed.class.getName());

    /** How long a publisher may take for a call before it is late; what comes meanwhile waits for it. */
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** News that wait at most. */
    private static final int MOST_WAITING = 64;

    private final StreamSpec spec;
    private final Foreign foreign;
    private final Queue<News> waiting = new ArrayDeque<>();
    private boolean running;

    /** A call is late: nobody waits for what comes after it. */
    private boolean late;

    private volatile Publication publication;
    private boolean failing;

    private record News(
            Lease<Publisher> lease,
            List<StreamPublication.Source> missed,
            Consumer<Publication> what,
            CompletableFuture<Void> heard) {

        void end() {
            lease.close();
            heard.complete(null);
        }
    }

    PublisherFeed(StreamSpec spec, Foreign foreign) {
        this.spec = spec;
        this.foreign = foreign;
    }

    /**
     * Something to be told; the lease is given back afterwards.
     *
     * @param missed sources that a publisher which begins now has to hear first
     * @return done when it was heard, at once when the publisher hangs
     */
    CompletableFuture<Void> add(
            Lease<Publisher> lease, List<StreamPublication.Source> missed, Consumer<Publication> what) {
        News news = new News(lease, missed, what, new CompletableFuture<>());
        List<News> lost = List.of();
        synchronized (waiting) {
            if (waiting.size() >= MOST_WAITING) {
                lost = List.copyOf(waiting);
                waiting.clear();
                publication = null;
            }
            waiting.add(news);
            if (late) {
                news.heard.complete(null);
            }
            if (!running) {
                running = true;
                Threads.virtual().name("publish " + spec.manifest()).start(this::run);
            }
        }
        if (!lost.isEmpty()) {
            lost.forEach(News::end);
            LOG.log(Level.WARNING, "A publisher of stream " + spec.manifest() + " is " + lost.size()
                    + " calls behind; it begins the stream anew");
        }
        return news.heard;
    }

    private void run() {
        while (true) {
            News news;
            synchronized (waiting) {
                late = false;
                news = waiting.poll();
                if (news == null) {
                    running = false;
                    return;
                }
            }
            ForeignCall<Publisher, Void> call;
            try {
                call = foreign.begin(news.lease, publisher -> tell(publisher, news));
            } catch (CallFailed e) {
                failed(e);
                news.end();
                continue;
            }
            try {
                call.await(LIMIT);
                failing = false;
            } catch (CallFailed e) {
                failed(e);
                if (!call.isOver()) {
                    release(news);
                    // whatever it was doing, it goes on with the next news only when it has returned
                    call.whenOver(this::run);
                    return;
                }
            }
            news.end();
        }
    }

    private Void tell(Publisher publisher, News news) {
        Publication its = publication;
        if (its == null) {
            its = publisher.open(spec);
            for (StreamPublication.Source source : news.missed) {
                its.source(source.segment(), source.info());
            }
            publication = its;
        }
        news.what.accept(its);
        return null;
    }

    /** Nobody waits for a publisher that hangs. */
    private void release(News news) {
        news.end();
        synchronized (waiting) {
            late = true;
            waiting.forEach(one -> one.heard.complete(null));
        }
    }

    private void failed(CallFailed e) {
        if (!failing) {
            failing = true;
            LOG.log(
                    Level.WARNING,
                    "Publishing stream " + spec.manifest() + " fails; the stream goes on: " + e.getMessage(),
                    e.getCause());
        }
    }
}

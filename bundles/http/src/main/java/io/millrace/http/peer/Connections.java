package io.millrace.http.peer;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * The open connections of a server. When there is no room for another one, the one goes that is worth least: first the
 * oldest that has never asked anything, then the one that has been without a request for longest. A connection with a
 * request in work never goes; when there are only such, the new one does.
 */
public final class Connections extends Handler.Wrapper {

    private final PeerWarnings warnings;
    private final Map<PeerEndPoint, Integer> requests = new HashMap<>();
    private final Map<PeerAddress, Integer> perAddress = new HashMap<>();
    /** Those that have never asked anything, in the order in which they came. */
    private final Set<PeerEndPoint> silent = new LinkedHashSet<>();
    /** Those between two requests, in the order in which the last one ended. */
    private final Set<PeerEndPoint> resting = new LinkedHashSet<>();

    private ConnectionLimits limits;

    /** None are open. */
    public Connections(ConnectionLimits limits, PeerWarnings warnings) {
        this.limits = limits;
        this.warnings = warnings;
    }

    /** Other bounds, for connections that come from now on. */
    public synchronized void limits(ConnectionLimits next) {
        limits = next;
    }

    /** A connection was accepted. */
    public void opened(PeerEndPoint connection) {
        Optional<PeerEndPoint> leaving;
        synchronized (this) {
            requests.put(connection, 0);
            silent.add(connection);
            int here = perAddress.merge(connection.address(), 1, Integer::sum);
            leaving = here > limits.mostPerAddress()
                    ? quiet(connection).filter(quiet -> quiet.address().equals(connection.address())).findFirst()
                    : requests.size() > limits.most() ? quiet(connection).findFirst() : Optional.empty();
            leaving.ifPresent(this::closed);
        }
        if (leaving.isPresent()) {
            warnings.warn("a connection was closed, since there is no room for more", leaving.get().address());
            leaving.get().close();
        }
    }

    /** Those without a request, in the order in which they go: the new one last. */
    private Stream<PeerEndPoint> quiet(PeerEndPoint young) {
        return Stream.of(silent.stream().filter(connection -> connection != young), resting.stream(), Stream.of(young))
                .flatMap(Function.identity());
    }

    /** A connection is closed, or is about to be. */
    public synchronized void closed(PeerEndPoint connection) {
        if (requests.remove(connection) != null) {
            silent.remove(connection);
            resting.remove(connection);
            perAddress.computeIfPresent(connection.address(), (address, count) -> count > 1 ? count - 1 : null);
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        PeerEndPoint connection = PeerEndPoint.of(request);
        begins(connection);
        Request.addCompletionListener(request, failure -> ends(connection));
        return super.handle(request, response, callback);
    }

    private synchronized void begins(PeerEndPoint connection) {
        requests.computeIfPresent(connection, (open, count) -> count + 1);
        silent.remove(connection);
        resting.remove(connection);
    }

    private synchronized void ends(PeerEndPoint connection) {
        Integer left = requests.computeIfPresent(connection, (open, count) -> count - 1);
        if (left != null && left == 0) {
            resting.add(connection);
        }
    }
}

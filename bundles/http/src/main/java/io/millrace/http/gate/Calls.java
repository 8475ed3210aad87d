package io.millrace.http.gate;

import io.millrace.http.peer.PeerAddress;
import java.util.HashMap;
import java.util.Map;

/**
 * Counts the calls of a server and bounds how many there are at a time; the bounds may change at any moment.
 * <p>Half of the room is divided among the gates, so that callers of one path, such as viewers, never take all of it
 * from callers of another, such as publishers. The other half is for any call.
 */
final class Calls {

    private final Map<Gate, Integer> perGate = new HashMap<>();
    private final Map<PeerAddress, Integer> perAddress = new HashMap<>();
    private GateLimits limits;

    Calls(GateLimits limits) {
        this.limits = limits;
    }

    synchronized GateLimits limits() {
        return limits;
    }

    /** Calls beyond a lower bound are served all the same; new ones wait until they are below it. */
    synchronized void limits(GateLimits next) {
        limits = next;
    }

    /** From now on a part of the room is this gate's own. */
    synchronized void divideAmong(Gate gate) {
        perGate.putIfAbsent(gate, 0);
    }

    /** False when there is no room; otherwise the caller must call {@link #leave}. */
    synchronized boolean enter(Gate gate, PeerAddress caller) {
        int own = limits.maxCalls() / (2 * perGate.size());
        int shared = limits.maxCalls() - own * perGate.size();
        int sharedInUse = perGate.values().stream()
                .mapToInt(inside -> Math.max(0, inside - own))
                .sum();
        int inside = perGate.get(gate);
        int ofCaller = perAddress.getOrDefault(caller, 0);
        if (ofCaller >= limits.maxCallsPerAddress() || inside >= own && sharedInUse >= shared) {
            return false;
        }
        perGate.put(gate, inside + 1);
        perAddress.put(caller, ofCaller + 1);
        return true;
    }

    synchronized void leave(Gate gate, PeerAddress caller) {
        perGate.computeIfPresent(gate, (key, inside) -> inside - 1);
        perAddress.computeIfPresent(caller, (key, inside) -> inside > 1 ? inside - 1 : null);
    }
}

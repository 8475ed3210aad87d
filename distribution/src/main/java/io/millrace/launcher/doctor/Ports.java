package io.millrace.launcher.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The addresses of the role: whether they answer where the node runs, else whether they are free. */
final class Ports {

    private static final int LIMIT_MILLIS = 2000;
    private static final String SERVICE = "io.millrace.http~service";

    private Ports() {}

    static List<Finding> look(Patient patient) {
        Map<String, String> pids = new TreeMap<>();
        patient.servers().forEach(name -> pids.put(name, "io.millrace.http~" + name));
        if (patient.has("io.millrace.media.rtmp")) {
            pids.put("rtmp", "io.millrace.media.rtmp");
        }
        List<Finding> findings = new ArrayList<>();
        pids.forEach((name, pid) -> {
            String address = patient.setting(pid, "address", "");
            findings.add(patient.isRunning() ? answers(patient, name, pid) : free(name, pid, address));
        });
        if (pids.containsKey("service")) {
            findings.add(reach(patient));
        }
        return findings;
    }

    private static Finding answers(Patient patient, String name, String pid) {
        String uri = patient.status().orElseThrow().getJsonObject("addresses").getString(name, "");
        if (uri.isEmpty()) {
            return Finding.fail(
                    what(name), "is not open", "bin/millrace logs says why; its settings are " + pid);
        }
        // What others are told may be a proxy's: what the node itself listens on is asked.
        URI open = URI.create(uri);
        Optional<InetSocketAddress> set = parse(patient.setting(pid, "address", ""));
        int port = set.filter(address -> address.getPort() > 0).map(InetSocketAddress::getPort).orElse(open.getPort());
        InetAddress host = set.map(InetSocketAddress::getAddress)
                .filter(address -> !address.isAnyLocalAddress())
                .orElseGet(InetAddress::getLoopbackAddress);
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), LIMIT_MILLIS);
            return Finding.ok(what(name), uri + " answers");
        } catch (IOException e) {
            return Finding.fail(
                    what(name),
                    host.getHostAddress() + ":" + port + " does not answer (" + e.getMessage() + ")",
                    "bin/millrace logs; a firewall on this machine?");
        }
    }

    private static Finding free(String name, String pid, String text) {
        Optional<InetSocketAddress> address = parse(text);
        if (address.isEmpty()) {
            return Finding.fail(
                    what(name), "'" + text + "' is no address of this machine", "set address of " + pid + " to HOST:PORT");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(address.get());
            return Finding.ok(what(name), text + " is free");
        } catch (IOException e) {
            return Finding.fail(
                    what(name),
                    text + " cannot be opened (" + e.getMessage() + ")",
                    "stop what has it (ss -ltnp), or set address of " + pid + " to another");
        }
    }

    private static Optional<InetSocketAddress> parse(String text) {
        int colon = text.lastIndexOf(':');
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            String host = colon < 0 ? "" : text.substring(0, colon);
            return Optional.of(
                    host.isEmpty()
                            ? new InetSocketAddress(port)
                            : new InetSocketAddress(InetAddress.getByName(host), port));
        } catch (UnknownHostException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Finding reach(Patient patient) {
        String told = Optional.of(patient.setting("io.millrace.kernel.orchestrator", "serviceUri", ""))
                .filter(uri -> !uri.isEmpty())
                .or(() -> patient.status()
                        .map(status -> status.getJsonObject("addresses").getString("service", "")))
                .orElseGet(() -> patient.setting(SERVICE, "uri", ""));
        String where = told.isEmpty() ? patient.setting(SERVICE, "address", "") : told;
        String host = where.replaceFirst("^[a-z]+://", "").replaceFirst(":[0-9]*/?$", "");
        if (host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]")) {
            return Finding.warn(
                    "reach",
                    "gateways are told " + where + ": only those on this machine come",
                    "set serviceUri of io.millrace.kernel.orchestrator, and address of " + SERVICE);
        }
        return Finding.ok(
                "reach", "gateways are told " + where + "; whether they get through can be seen only from outside");
    }

    private static String what(String name) {
        return "port " + name;
    }
}

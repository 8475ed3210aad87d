package io.millrace.launcher.doctor;

import io.millrace.launcher.PinnedCertificate;
import io.millrace.launcher.doctor.DoctorCommand.Node;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The addresses of a node and what it shows there. */
final class Network {

    private static final Duration SOON = Duration.ofDays(14);
    private static final int LIMIT_MILLIS = 2000;
    private static final String SERVICE = "io.millrace.http~service";

    private Network() {}

    /** The addresses of the role: whether they answer where the node runs, else whether they are free. */
    static List<Finding> ports(Node node) {
        Map<String, String> pids = new TreeMap<>();
        node.servers().forEach(name -> pids.put(name, "io.millrace.http~" + name));
        if (node.has("io.millrace.media.rtmp")) {
            pids.put("rtmp", "io.millrace.media.rtmp");
        }
        List<Finding> findings = new ArrayList<>();
        pids.forEach((name, pid) -> {
            String address = node.setting(pid, "address", "");
            findings.add(node.isRunning() ? answers(node, name, pid) : free(name, pid, address));
        });
        if (node.has("io.millrace.kernel.orchestrator")) {
            findings.add(reach(node));
        }
        return findings;
    }

    private static Finding answers(Node node, String name, String pid) {
        String uri = node.status().orElseThrow().getJsonObject("addresses").getString(name, "");
        if (uri.isEmpty()) {
            return Finding.fail(
                    what(name), "is not open", "bin/millrace logs says why; its settings are " + pid);
        }
        // What others are told may be a proxy's: what the node itself listens on is asked.
        URI open = URI.create(uri);
        Optional<InetSocketAddress> set = parse(node.setting(pid, "address", ""));
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

    private static Finding reach(Node node) {
        String told = Optional.of(node.setting("io.millrace.kernel.orchestrator", "serviceUri", ""))
                .filter(uri -> !uri.isEmpty())
                .or(() -> node.status()
                        .map(status -> status.getJsonObject("addresses").getString("service", "")))
                .orElseGet(() -> node.setting(SERVICE, "uri", ""));
        String where = told.isEmpty() ? node.setting(SERVICE, "address", "") : told;
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

    

    /** The certificates of servers that encrypt. */
    static List<Finding> certificates(Node node) {
        List<Finding> findings = new ArrayList<>();
        for (String server : node.servers()) {
            String pid = "io.millrace.http~" + server;
            if (node.setting(pid, "tls", "false").equals("true")) {
                String folder = node.setting(pid, "directory", "");
                findings.add(
                        folder.isEmpty()
                                ? Finding.fail(
                                        "certificate", "there is no folder for it", "set directory of " + pid)
                                : certificate(Path.of(folder).resolve("certificate.pem")));
            }
        }
        return findings;
    }

    private static Finding certificate(Path file) {
        String what = "certificate";
        if (!Files.exists(file)) {
            return Finding.ok(what, "none yet: one is made at the first start, at " + file);
        }
        String again = "replace " + file + ", or delete it and start again: then one is made";
        try {
            X509Certificate certificate = PinnedCertificate.certificate(file);
            Instant end = certificate.getNotAfter().toInstant();
            String says = certificate.getSubjectX500Principal() + (selfMade(certificate) ? ", self-made" : "")
                    + ", valid until " + end;
            Instant now = Instant.now();
            if (now.isBefore(certificate.getNotBefore().toInstant())) {
                return Finding.fail(what, says + ", but not yet", "is the clock right? Else " + again);
            }
            return end.isBefore(now)
                    ? Finding.fail(what, says, again)
                    : end.isBefore(now.plus(SOON)) ? Finding.warn(what, says, again) : Finding.ok(what, says);
        } catch (IOException | CertificateException e) {
            return Finding.fail(what, "cannot be read: " + e.getMessage(), again);
        }
    }

    private static boolean selfMade(X509Certificate certificate) {
        return certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
    }
}

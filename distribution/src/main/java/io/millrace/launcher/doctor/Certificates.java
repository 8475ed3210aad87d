package io.millrace.launcher.doctor;

import io.millrace.launcher.Pinned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The certificates of servers that encrypt. */
final class Certificates {

    private static final Duration SOON = Duration.ofDays(14);

    private Certificates() {}

    static List<Finding> look(Patient patient) {
        List<Finding> findings = new ArrayList<>();
        for (String server : patient.servers()) {
            String pid = "io.millrace.http~" + server;
            if (patient.setting(pid, "tls", "false").equals("true")) {
                String folder = patient.setting(pid, "directory", "");
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
            X509Certificate certificate = Pinned.certificate(file);
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

package io.millrace.http.tls;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Optional;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The certificate of an open port. It follows its file: a new one is taken for connections from then on. */
public final class ServedCertificate {

    private static final Logger LOG = LoggerFactory.getLogger(ServedCertificate.class);

    private final CertificateFile file;
    private final SslContextFactory.Server factory = new SslContextFactory.Server();
    /** The store lives in memory only; its password guards nothing and is never the same. */
    private final String password = new BigInteger(128, new SecureRandom()).toString(Character.MAX_RADIX);

    private Optional<FileTime> read;
    private Optional<FileTime> seen;

    /**
     * Reads the file, or makes it.
     *
     * @throws UnusableCertificate with what to do about it
     */
    public ServedCertificate(CertificateFile file) {
        this.file = file;
        factory.setSniRequired(false);
        factory.setKeyStorePassword(password);
        Optional<FileTime> before = file.changed();
        factory.setKeyStore(store(file.load()));
        read = before.isPresent() ? before : file.changed();
        seen = read;
    }

    /** What a TLS port is made of. */
    public SslContextFactory.Server factory() {
        return factory;
    }

    /**
     * Takes a file that has changed, and has been at rest since the last time. One that cannot be used is logged, and
     * the certificate before stays in use. To be called about twice a second.
     */
    public void check() {
        Optional<FileTime> now = file.changed();
        if (now.isPresent() && now.equals(seen) && !now.equals(read)) {
            read = now;
            take();
        }
        seen = now;
    }

    private void take() {
        try {
            KeyMaterial next = file.load();
            factory.reload(changed -> changed.setKeyStore(store(next)));
            LOG.info("{} has changed and is used for new connections; it ends on {}.",
                    file, next.certificate().getNotAfter().toInstant());
        } catch (UnusableCertificate e) {
            LOG.error("{} Until then the one before stays in use.", e.getMessage());
        } catch (Exception e) {
            LOG.error("{} has changed but is not used: {}. Open the port anew to use it.", file, e.toString());
        }
    }

    private KeyStore store(KeyMaterial identity) {
        try {
            var store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry(
                    "node", identity.key(), password.toCharArray(), identity.chain().toArray(X509Certificate[]::new));
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("a key store in memory failed", e);
        }
    }
}

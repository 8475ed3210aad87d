package io.millrace.livepeer.web;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.NoSuchProviderException;
import java.security.Provider;
import java.security.Security;
import java.security.cert.CRL;
import java.security.cert.CRLException;
import java.security.cert.CertPath;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateFactorySpi;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/**
 * Makes TLS possible with nodes whose certificate names no issuer. The nodes that most of the network
 * runs make such ones, RFC 5280 4.1.2.4 forbids them, and the JDK refuses them while it parses, before
 * it asks any trust manager. Where it parses it takes the first security provider of this Java, so this
 * has to be that while it is needed: it hands everything to the JDK's own parser, and only what that
 * refuses, and only for its empty issuer, is parsed again with the issuer "none". Such a certificate is
 * signed by nobody, so whoever does ask who vouches for it still refuses it.
 */
public final class TolerantCertificates extends Provider {

    private static final long serialVersionUID = 1L;

    private static final String JDK_PARSER = "SUN";
    private static final TolerantCertificates INSTANCE = new TolerantCertificates();
    private static int users;

    private TolerantCertificates() {
        super("MillraceCertificates", "1", "X.509 certificates, also those that name no issuer");
        putService(new Service(this, "CertificateFactory", "X.509", Parser.class.getName(), List.of("X509"), null) {
            @Override
            public Object newInstance(Object parameter) {
                return new Parser();
            }
        });
    }

    /** From now on such certificates can be parsed, until it is released as often as it was acquired. */
    public static synchronized void acquire() {
        if (users++ == 0) {
            Security.insertProviderAt(INSTANCE, 1);
        }
    }

    /** Undoes one {@link #acquire()}. */
    public static synchronized void release() {
        if (--users == 0) {
            Security.removeProvider(INSTANCE.getName());
        }
    }

    private static final class Parser extends CertificateFactorySpi {

        private final CertificateFactory jdk;

        Parser() {
            try {
                jdk = CertificateFactory.getInstance("X.509", JDK_PARSER);
            } catch (CertificateException | NoSuchProviderException e) {
                throw new IllegalStateException("this Java has no parser of certificates", e);
            }
        }

        @Override
        public Certificate engineGenerateCertificate(InputStream in) throws CertificateException {
            if (!in.markSupported()) {
                return jdk.generateCertificate(in);
            }
            in.mark(EmptyIssuer.MAX_BYTES);
            try {
                return jdk.generateCertificate(in);
            } catch (CertificateException refused) {
                byte[] filled = EmptyIssuer.fill(again(in, refused)).orElseThrow(() -> refused);
                return jdk.generateCertificate(new ByteArrayInputStream(filled));
            }
        }

        private static byte[] again(InputStream in, CertificateException refused) throws CertificateException {
            try {
                in.reset();
                return in.readNBytes(EmptyIssuer.MAX_BYTES);
            } catch (IOException e) {
                throw refused;
            }
        }

        @Override
        public Collection<? extends Certificate> engineGenerateCertificates(InputStream in)
                throws CertificateException {
            return jdk.generateCertificates(in);
        }

        @Override
        public CRL engineGenerateCRL(InputStream in) throws CRLException {
            return jdk.generateCRL(in);
        }

        @Override
        public Collection<? extends CRL> engineGenerateCRLs(InputStream in) throws CRLException {
            return jdk.generateCRLs(in);
        }

        @Override
        public CertPath engineGenerateCertPath(InputStream in) throws CertificateException {
            return jdk.generateCertPath(in);
        }

        @Override
        public CertPath engineGenerateCertPath(InputStream in, String encoding) throws CertificateException {
            return jdk.generateCertPath(in, encoding);
        }

        @Override
        public CertPath engineGenerateCertPath(List<? extends Certificate> certificates) throws CertificateException {
            return jdk.generateCertPath(certificates);
        }

        @Override
        public Iterator<String> engineGetCertPathEncodings() {
            return jdk.getCertPathEncodings();
        }
    }
}

package io.millrace.livepeer.web;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.value.Deadline;
import io.millrace.livepeer.support.OpenGuard;
import io.millrace.testkit.InMemoryBudget;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.Security;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.Optional;
import java.util.Random;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.X509ExtendedKeyManager;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1EncodableVector;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.DERTaggedObject;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.junit.jupiter.api.Test;

class TolerantCertificatesTest {

    private static final KeyPair KEY = key();

    @Test
    void theJdkRefusesACertificateWithoutAnIssuerAndThenParsesIt() throws Exception {
        byte[] nameless = certificate("");
        assertThrows(CertificateException.class, () -> parse(nameless));
        TolerantCertificates.acquire();
        try {
            X509Certificate parsed = parse(nameless);
            assertArrayEquals(KEY.getPublic().getEncoded(), parsed.getPublicKey().getEncoded());
            assertEquals("CN=none", parsed.getIssuerX500Principal().getName());
        } finally {
            TolerantCertificates.release();
        }
        assertThrows(CertificateException.class, () -> parse(nameless));
    }

    @Test
    void whatTheJdkParsesIsLeftAsItIs() throws Exception {
        byte[] named = certificate("CN=somebody");
        TolerantCertificates.acquire();
        try {
            assertArrayEquals(named, parse(named).getEncoded());
        } finally {
            TolerantCertificates.release();
        }
    }

    @Test
    void nobodyVouchesForACertificateThatWasFilled() throws Exception {
        TolerantCertificates.acquire();
        try {
            X509Certificate parsed = parse(certificate(""));
            assertThrows(GeneralSecurityException.class, () -> parsed.verify(KEY.getPublic()));
        } finally {
            TolerantCertificates.release();
        }
    }

    @Test
    void theProviderIsThereForAsLongAsSomebodyNeedsIt() {
        TolerantCertificates.acquire();
        TolerantCertificates.acquire();
        TolerantCertificates.release();
        assertNotNull(Security.getProvider("MillraceCertificates"));
        TolerantCertificates.release();
        assertNull(Security.getProvider("MillraceCertificates"));
    }

    @Test
    void bytesThatAreNoCertificateAreNotFilled() throws Exception {
        Random random = new Random(9);
        byte[] good = certificate("");
        assertTrue(EmptyIssuer.fill(good).isPresent());
        assertEquals(Optional.empty(), EmptyIssuer.fill(certificate("CN=somebody")));
        for (int length = 0; length < good.length; length++) {
            assertEquals(Optional.empty(), EmptyIssuer.fill(Arrays.copyOf(good, length)));
        }
        for (int run = 0; run < 20_000; run++) {
            byte[] bytes = good.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                bytes[random.nextInt(40)] = (byte) random.nextInt(256);
            }
            assertDoesNotThrow(() -> EmptyIssuer.fill(bytes));
        }
    }

    @Test
    void aServerWithSuchACertificateIsCalled() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        X509Certificate raw = new RawCertificate(certificate(""), KEY.getPublic());
        context.init(new KeyManager[] {new OneKey(raw)}, null, null);
        try (SSLServerSocket server =
                        (SSLServerSocket) context.getServerSocketFactory().createServerSocket(0);
                WebClient web = new WebClient(
                        new CheckedAddresses(new OpenGuard(), Clock.systemUTC()),
                        InMemoryBudget.ample(),
                        Clock.systemUTC())) {
            Thread serving = Thread.ofVirtual().start(() -> {
                try (Socket socket = server.accept()) {
                    socket.getInputStream().read(new byte[4096]);
                    socket.getOutputStream()
                            .write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi".getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            URI address = URI.create("https://127.0.0.1:" + server.getLocalPort() + "/");
            assertEquals("hi", web.download(new Destination(address, Optional.of(address)), Deadline.in(Duration.ofMinutes(1), Clock.systemUTC())).utf8());
            serving.join();
        }
    }

    private static X509Certificate parse(byte[] bytes) throws CertificateException {
        return (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(bytes));
    }

    /** As the network's nodes make it: without subject, its address as a critical alternative name. */
    static byte[] certificate(String issuer) throws Exception {
        AlgorithmIdentifier algorithm = new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.2.840.10045.4.3.2"));
        ASN1EncodableVector fields = new ASN1EncodableVector();
        fields.add(new DERTaggedObject(true, 0, new ASN1Integer(2)));
        fields.add(new ASN1Integer(42));
        fields.add(algorithm);
        fields.add(new X500Name(issuer));
        fields.add(new DERSequence(new ASN1Encodable[] {
            new Time(Date.from(Instant.now().minusSeconds(60))), new Time(Date.from(Instant.now().plusSeconds(3600)))
        }));
        fields.add(new X500Name(""));
        fields.add(SubjectPublicKeyInfo.getInstance(KEY.getPublic().getEncoded()));
        fields.add(new DERTaggedObject(true, 3, new Extensions(new Extension(
                Extension.subjectAlternativeName,
                true,
                new GeneralNames(new GeneralName(GeneralName.dNSName, "127.0.0.1")).getEncoded()))));
        DERSequence content = new DERSequence(fields);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(KEY.getPrivate());
        signature.update(content.getEncoded("DER"));
        ASN1EncodableVector certificate = new ASN1EncodableVector();
        certificate.add(content);
        certificate.add(algorithm);
        certificate.add(new DERBitString(signature.sign()));
        return new DERSequence(certificate).getEncoded("DER");
    }

    private static KeyPair key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    private static final class OneKey extends X509ExtendedKeyManager {

        private final X509Certificate certificate;

        OneKey(X509Certificate certificate) {
            this.certificate = certificate;
        }

        @Override
        public String chooseServerAlias(String keyType, Principal[] issuers, Socket socket) {
            return keyType.equals("EC") ? "one" : null;
        }

        @Override
        public X509Certificate[] getCertificateChain(String alias) {
            return new X509Certificate[] {certificate};
        }

        @Override
        public PrivateKey getPrivateKey(String alias) {
            return KEY.getPrivate();
        }

        @Override
        public String[] getServerAliases(String keyType, Principal[] issuers) {
            return new String[] {"one"};
        }

        @Override
        public String[] getClientAliases(String keyType, Principal[] issuers) {
            return null;
        }

        @Override
        public String chooseClientAlias(String[] keyType, Principal[] issuers, Socket socket) {
            return null;
        }
    }
}

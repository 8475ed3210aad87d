package io.millrace.http.tls;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.IDN;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/** Makes the certificate of a node that was given none: ECDSA on P-256, signed by itself. */
final class SelfSigned {

    /** Names subject and issuer, and so tells our certificates from an operator's own. */
    static final X500Principal NAME = new X500Principal("CN=Millrace");

    static final Duration VALIDITY = Duration.ofDays(3650);
    /** Clocks of peers may be behind. */
    private static final Duration BACKDATED = Duration.ofHours(1);

    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid(1, 2, 840, 10045, 4, 3, 2));
    private static final byte[] BASIC_CONSTRAINTS = Der.oid(2, 5, 29, 19);
    private static final byte[] KEY_USAGE = Der.oid(2, 5, 29, 15);
    private static final byte[] EXTENDED_KEY_USAGE = Der.oid(2, 5, 29, 37);
    private static final byte[] SERVER_AUTH = Der.oid(1, 3, 6, 1, 5, 5, 7, 3, 1);
    private static final byte[] SUBJECT_ALT_NAME = Der.oid(2, 5, 29, 17);
    private static final byte DIGITAL_SIGNATURE_AND_CERT_SIGN = (byte) 0b1000_0100;

    private SelfSigned() {}

    /**
     * A new key and its certificate.
     *
     * @param host name or address that clients use
     */
    static KeyMaterial create(String host, Instant now) throws GeneralSecurityException {
        var random = new SecureRandom();
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        KeyPair keys = generator.generateKeyPair();

        byte[] body = body(keys, host, now, new BigInteger(127, random).setBit(126));
        var signer = Signature.getInstance("SHA256withECDSA");
        signer.initSign(keys.getPrivate(), random);
        signer.update(body);
        byte[] encoded = Der.sequence(body, ECDSA_WITH_SHA256, Der.bits(0, signer.sign()));

        var certificate = (X509Certificate)
                CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(encoded));
        certificate.verify(keys.getPublic());
        return new KeyMaterial(keys.getPrivate(), List.of(certificate));
    }

    private static byte[] body(KeyPair keys, String host, Instant now, BigInteger serial) {
        return Der.sequence(
                Der.explicit(0, Der.integer(BigInteger.TWO)),
                Der.integer(serial),
                ECDSA_WITH_SHA256,
                NAME.getEncoded(),
                Der.sequence(Der.time(now.minus(BACKDATED)), Der.time(now.plus(VALIDITY))),
                NAME.getEncoded(),
                keys.getPublic().getEncoded(),
                Der.explicit(
                        3,
                        Der.sequence(
                                critical(BASIC_CONSTRAINTS, Der.sequence(Der.yes())),
                                critical(KEY_USAGE, Der.bits(2, DIGITAL_SIGNATURE_AND_CERT_SIGN)),
                                extension(EXTENDED_KEY_USAGE, Der.sequence(SERVER_AUTH)),
                                extension(SUBJECT_ALT_NAME, alternativeNames(host)))));
    }

    /** Go-livepeer's peers look for an address among the DNS names, all others among the addresses. */
    private static byte[] alternativeNames(String host) {
        var names = new ByteArrayOutputStream();
        names.writeBytes(Der.implicit(2, ascii(host).getBytes(StandardCharsets.US_ASCII)));
        literal(host).ifPresent(address -> names.writeBytes(Der.implicit(7, address.getAddress())));
        return Der.sequence(names.toByteArray());
    }

    /** The address that a host is, when it is one and no name. */
    static Optional<InetAddress> literal(String host) {
        try {
            return Optional.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException name) {
            return Optional.empty();
        }
    }

    static String ascii(String host) {
        return literal(host).isPresent() ? host : IDN.toASCII(host);
    }

    private static byte[] critical(byte[] oid, byte[] value) {
        return Der.sequence(oid, Der.yes(), Der.octets(value));
    }

    private static byte[] extension(byte[] oid, byte[] value) {
        return Der.sequence(oid, Der.octets(value));
    }
}

package io.millrace.http.tls;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;

/** A private key (PKCS#8) and certificates in one text, as {@code openssl} and certificate authorities write them. */
final class Pem {

    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final Base64.Encoder LINES = Base64.getMimeEncoder(64, new byte[] {'\n'});

    private Pem() {}

    static String write(KeyMaterial material) throws GeneralSecurityException {
        var text = new StringBuilder(block("PRIVATE KEY", material.key().getEncoded()));
        for (X509Certificate certificate : material.chain()) {
            text.append(block("CERTIFICATE", certificate.getEncoded()));
        }
        return text.toString();
    }

    /**
     * Reads what {@link #write} wrote, or an operator put there.
     *
     * @throws GeneralSecurityException something is missing, damaged or does not belong together
     */
    static KeyMaterial read(String text) throws GeneralSecurityException {
        List<byte[]> keys = new ArrayList<>();
        List<X509Certificate> chain = new ArrayList<>();
        var factory = CertificateFactory.getInstance("X.509");
        for (var block = BLOCK.matcher(text); block.find(); ) {
            byte[] content = decode(block.group(2));
            switch (block.group(1)) {
                case "PRIVATE KEY" -> keys.add(content);
                case "CERTIFICATE" -> chain.add(
                        (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(content)));
                case "EC PRIVATE KEY", "RSA PRIVATE KEY", "ENCRYPTED PRIVATE KEY" -> throw new GeneralSecurityException(
                        "its key is not an unencrypted PKCS#8 key (convert it with: openssl pkcs8 -topk8 -nocrypt)");
                default -> {
                    // openssl adds EC PARAMETERS and the like, which the key repeats.
                }
            }
        }
        if (keys.size() != 1 || chain.isEmpty()) {
            throw new GeneralSecurityException("it must hold one PRIVATE KEY and at least one CERTIFICATE, but has "
                    + keys.size() + " and " + chain.size());
        }
        return matching(keys.getFirst(), chain);
    }

    private static KeyMaterial matching(byte[] key, List<X509Certificate> chain) throws GeneralSecurityException {
        String algorithm = chain.getFirst().getPublicKey().getAlgorithm();
        PrivateKey opened = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(key));
        byte[] probe = "probe".getBytes(StandardCharsets.US_ASCII);
        var signature = Signature.getInstance(
                switch (algorithm) {
                    case "EC" -> "SHA256withECDSA";
                    case "RSA" -> "SHA256withRSA";
                    default -> algorithm;
                });
        signature.initSign(opened);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(chain.getFirst().getPublicKey());
        signature.update(probe);
        if (!signature.verify(signed)) {
            throw new GeneralSecurityException("its key does not belong to its first certificate");
        }
        return new KeyMaterial(opened, chain);
    }

    private static byte[] decode(String base64) throws GeneralSecurityException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new GeneralSecurityException("it is damaged", e);
        }
    }

    private static String block(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n" + LINES.encodeToString(content) + "\n-----END " + type + "-----\n";
    }
}

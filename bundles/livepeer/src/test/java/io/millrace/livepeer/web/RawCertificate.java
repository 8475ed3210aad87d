package io.millrace.livepeer.web;

import java.math.BigInteger;
import java.security.Principal;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.Date;
import java.util.Set;
import javax.security.auth.x500.X500Principal;

/** A certificate of any bytes, parsable or not: what a server shows is its bytes and its key. */
@SuppressWarnings("deprecation") // the abstract methods are what they are
final class RawCertificate extends X509Certificate {

    private static final long serialVersionUID = 1L;

    private final byte[] bytes;
    private final PublicKey key;

    RawCertificate(byte[] bytes, PublicKey key) {
        this.bytes = bytes;
        this.key = key;
    }

    @Override
    public byte[] getEncoded() {
        return bytes.clone();
    }

    @Override
    public PublicKey getPublicKey() {
        return key;
    }

    @Override
    public void verify(PublicKey signer) {}

    @Override
    public void verify(PublicKey signer, String provider) {}

    @Override
    public String toString() {
        return "raw";
    }

    @Override
    public void checkValidity() {}

    @Override
    public void checkValidity(Date date) {}

    @Override
    public int getVersion() {
        return 3;
    }

    @Override
    public BigInteger getSerialNumber() {
        return BigInteger.ONE;
    }

    @Override
    public Principal getIssuerDN() {
        return new X500Principal("");
    }

    @Override
    public Principal getSubjectDN() {
        return new X500Principal("");
    }

    @Override
    public Date getNotBefore() {
        return new Date(0);
    }

    @Override
    public Date getNotAfter() {
        return new Date(Long.MAX_VALUE);
    }

    @Override
    public byte[] getTBSCertificate() {
        return new byte[0];
    }

    @Override
    public byte[] getSignature() {
        return new byte[0];
    }

    @Override
    public String getSigAlgName() {
        return "SHA256withECDSA";
    }

    @Override
    public String getSigAlgOID() {
        return "1.2.840.10045.4.3.2";
    }

    @Override
    public byte[] getSigAlgParams() {
        return null;
    }

    @Override
    public boolean[] getIssuerUniqueID() {
        return null;
    }

    @Override
    public boolean[] getSubjectUniqueID() {
        return null;
    }

    @Override
    public boolean[] getKeyUsage() {
        return null;
    }

    @Override
    public int getBasicConstraints() {
        return -1;
    }

    @Override
    public boolean hasUnsupportedCriticalExtension() {
        return false;
    }

    @Override
    public Set<String> getCriticalExtensionOIDs() {
        return Set.of();
    }

    @Override
    public Set<String> getNonCriticalExtensionOIDs() {
        return Set.of();
    }

    @Override
    public byte[] getExtensionValue(String oid) {
        return null;
    }
}

package io.millrace.livepeer.web;

import io.millrace.livepeer.fuzz.DerGrowth;
import io.millrace.livepeer.fuzz.Fuzz;
import java.io.ByteArrayInputStream;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Any certificate is either read or refused, never anything else. */
class CertificateFuzzTest {

    @Test
    void certificatesAreReadOrRefused() throws Exception {
        TolerantCertificates.acquire();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            Fuzz.run(
                    new DerGrowth(),
                    Set.of(CertificateException.class),
                    der -> factory.generateCertificate(new ByteArrayInputStream(der)),
                    TolerantCertificatesTest.certificate(""),
                    TolerantCertificatesTest.certificate("CN=somebody"));
        } finally {
            TolerantCertificates.release();
        }
    }

    @Test
    void issuersAreFilledOrLeft() throws Exception {
        Fuzz.run(new DerGrowth(), Set.of(), EmptyIssuer::fill, TolerantCertificatesTest.certificate(""));
    }
}

package io.millrace.livepeer.serve;

import io.millrace.api.orchestrator.Payment;
import io.millrace.api.payment.Wallet;
import io.millrace.livepeer.mapping.Malformed;
import io.millrace.livepeer.mapping.PaymentMapping;
import io.millrace.livepeer.mapping.SegmentMapping;
import io.millrace.livepeer.mapping.SegmentRequest;
import io.millrace.livepeer.mapping.WireHeader;
import io.millrace.livepeer.wire.SegData;
import jakarta.servlet.http.HttpServletRequest;

/** What the two headers of a segment or a payment say, checked as far as needs nobody else. */
public sealed interface SegmentCall {

    /** The headers make sense and the sender signed them. */
    record Credible(SegmentRequest segment, Payment payment) implements SegmentCall {}

    /** They do not. */
    record Refused(PlainText answer) implements SegmentCall {}

    /**
     * Reads the headers in the order of the network: payment, segment, signature. A payment that can be
     * read but never be accepted is refused after those, like any other unacceptable one.
     */
    static SegmentCall read(HttpServletRequest request, Wallet wallet) {
        io.millrace.livepeer.wire.Payment payment;
        try {
            payment = payment(request.getHeader("Livepeer-Payment"));
        } catch (Malformed e) {
            return refused(402, e.getMessage());
        }
        SegmentRequest segment;
        try {
            segment = SegmentMapping.fromWire(WireHeader.parse(
                    SegData.parser(), segmentBytes(request.getHeader("Livepeer-Segment"))));
        } catch (Malformed e) {
            return refused(403, e.getMessage());
        }
        if (!wallet.verify(PaymentMapping.sender(payment), segment.digest(), segment.signature())) {
            return refused(403, "ErrSegSig");
        }
        try {
            return new Credible(segment, PaymentMapping.fromWire(payment));
        } catch (Malformed e) {
            return refused(400, e.getMessage());
        }
    }

    private static io.millrace.livepeer.wire.Payment payment(String header) throws Malformed {
        byte[] bytes;
        try {
            bytes = WireHeader.decode(header);
        } catch (Malformed e) {
            throw new Malformed("base64 decode error: " + e.getMessage());
        }
        try {
            return WireHeader.parse(io.millrace.livepeer.wire.Payment.parser(), bytes);
        } catch (Malformed e) {
            throw new Malformed("protobuf unmarshal error: " + e.getMessage());
        }
    }

    private static byte[] segmentBytes(String header) throws Malformed {
        try {
            return WireHeader.decode(header);
        } catch (Malformed e) {
            throw new Malformed("ErrorSegEncoding");
        }
    }

    private static Refused refused(int status, String text) {
        return new Refused(new PlainText(status, text));
    }
}

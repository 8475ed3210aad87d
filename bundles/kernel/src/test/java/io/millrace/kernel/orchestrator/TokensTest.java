package io.millrace.kernel.orchestrator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.SessionId;
import io.millrace.testkit.ManualClock;
import io.millrace.kernel.NodeSecret;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TokensTest {

    private static final Bytes SECRET = Bytes.hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    private final ManualClock clock = new ManualClock();
    private final Tokens tokens = new Tokens(SECRET, clock);

    @Test
    void aTokenIsMadeAsTheNetworkMakesIt() {
        // HMAC-SHA256(secret, session id || expiration as a minimal big-endian number)
        AuthToken token = tokens.issue(new SessionId("f1405ced"), Instant.ofEpochSecond(1_700_000_000));
        assertEquals(
                "d3f400be67f7a713a37b0e77894867669282c317283c3f258ea528e52011804d",
                token.token().hex());
    }

    @Test
    void aFreshTokenHoldsForThirtyMinutesUnderASessionOfItsOwn() {
        AuthToken token = tokens.issue();
        assertTrue(token.session().value().matches("[0-9a-f]{8}"));
        assertNotEquals(token.session(), tokens.issue().session());
        assertEquals(clock.instant().plus(Duration.ofMinutes(30)), token.expiration());
        assertEquals(Optional.empty(), tokens.objection(Optional.of(token)));
        clock.advance(Duration.ofMinutes(30));
        assertEquals(Optional.empty(), tokens.objection(Optional.of(token)));
        clock.advance(Duration.ofSeconds(1));
        assertRefused(Refusal.Reason.TOKEN_EXPIRED, "expired auth token", Optional.of(token));
    }

    @Test
    void aMissingTokenIsRefused() {
        assertRefused(Refusal.Reason.TOKEN_MISSING, "missing auth token", Optional.empty());
    }

    @Test
    void whateverIsChangedInATokenMakesItInvalid() {
        AuthToken token = tokens.issue();
        Instant later = token.expiration().plusSeconds(1);
        byte[] bytes = token.token().toArray();
        bytes[31] ^= 1;
        assertForged(new AuthToken(Bytes.of(bytes), token.session(), token.expiration()));
        assertForged(new AuthToken(token.token(), new SessionId("00000000"), token.expiration()));
        assertForged(new AuthToken(token.token(), token.session(), later));
        assertForged(new AuthToken(Bytes.EMPTY, token.session(), token.expiration()));
        assertForged(new AuthToken(token.token(), new SessionId(""), Instant.EPOCH));
        assertForged(new Tokens(NodeSecret.fresh(), clock).issue());
    }

    private void assertForged(AuthToken token) {
        assertRefused(Refusal.Reason.TOKEN_INVALID, "invalid auth token", Optional.of(token));
    }

    private void assertRefused(Refusal.Reason reason, String text, Optional<AuthToken> token) {
        assertEquals(Optional.of(new Refusal(reason, text)), tokens.objection(token));
    }
}

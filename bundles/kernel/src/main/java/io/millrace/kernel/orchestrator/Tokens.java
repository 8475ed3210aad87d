package io.millrace.kernel.orchestrator;

import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.orchestrator.Refusal;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.SessionId;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes the tokens that permit to submit under a session, and knows its own again. Thread-safe. */
final class Tokens {

    /** How long a token holds. Gateways ask for the next one before that. */
    static final Duration LIFETIME = Duration.ofMinutes(30);

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SESSION_BYTES = 4;

    private final Bytes secret;
    private final InstantSource clock;
    private final SecureRandom random = new SecureRandom();

    Tokens(Bytes secret, InstantSource clock) {
        this.secret = secret;
        this.clock = clock;
    }

    /** A token for a session that nobody has yet. */
    AuthToken issue() {
        byte[] id = new byte[SESSION_BYTES];
        random.nextBytes(id);
        return issue(
                new SessionId(HexFormat.of().formatHex(id)),
                clock.instant().plus(LIFETIME).truncatedTo(ChronoUnit.SECONDS));
    }

    AuthToken issue(SessionId session, Instant expiration) {
        return new AuthToken(sign(session, expiration), session, expiration);
    }

    /** Why a job may not be submitted under this token. */
    Optional<Refusal> objection(Optional<AuthToken> token) {
        if (token.isEmpty()) {
            return Optional.of(new Refusal(Refusal.Reason.TOKEN_MISSING, "missing auth token"));
        }
        if (!isOurs(token.get())) {
            return Optional.of(new Refusal(Refusal.Reason.TOKEN_INVALID, "invalid auth token"));
        }
        if (clock.instant().getEpochSecond() > token.get().expiration().getEpochSecond()) {
            return Optional.of(new Refusal(Refusal.Reason.TOKEN_EXPIRED, "expired auth token"));
        }
        return Optional.empty();
    }

    /** Whether the token was made with our secret, however long ago. Takes the same time for any answer. */
    boolean isOurs(AuthToken token) {
        return MessageDigest.isEqual(
                sign(token.session(), token.expiration()).unsafeArray(), token.token().unsafeArray());
    }

    private Bytes sign(SessionId session, Instant expiration) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.unsafeArray(), ALGORITHM));
            mac.update(session.value().getBytes(StandardCharsets.UTF_8));
            mac.update(magnitude(expiration.getEpochSecond()));
            return Bytes.wrap(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " is part of every Java runtime", e);
        }
    }

    /** Big-endian without leading zeros and without a sign, as the network's nodes write it. */
    private static byte[] magnitude(long seconds) {
        byte[] bytes = BigInteger.valueOf(seconds).abs().toByteArray();
        return Arrays.copyOfRange(bytes, bytes[0] == 0 ? 1 : 0, bytes.length);
    }
}

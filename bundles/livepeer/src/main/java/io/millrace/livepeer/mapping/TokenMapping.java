package io.millrace.livepeer.mapping;

import io.millrace.api.orchestrator.AuthToken;
import io.millrace.api.value.SessionId;
import java.time.Instant;

/** Auth tokens. */
public final class TokenMapping {

    private TokenMapping() {}

    /** To the wire. */
    public static io.millrace.livepeer.wire.AuthToken toWire(AuthToken token) {
        return io.millrace.livepeer.wire.AuthToken.newBuilder()
                .setToken(FixedBytes.write(token.token()))
                .setSessionId(token.session().value())
                .setExpiration(token.expiration().getEpochSecond())
                .build();
    }

    /** From the wire. A moment that a calendar cannot hold becomes the nearest one that it can. */
    public static AuthToken fromWire(io.millrace.livepeer.wire.AuthToken message) {
        long seconds = Math.clamp(
                message.getExpiration(), Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond());
        return new AuthToken(
                FixedBytes.any(message.getToken()),
                new SessionId(message.getSessionId()),
                Instant.ofEpochSecond(seconds));
    }
}

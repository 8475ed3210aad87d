package io.millrace.api.orchestrator;

import io.millrace.api.value.Bytes;
import io.millrace.api.value.SessionId;
import java.time.Instant;

/**
 * An orchestrator's permission to submit under a session; opaque to the gateway.
 *
 * @param token what the orchestrator checks
 * @param session the session it is for
 * @param expiration whole seconds count
 */
public record AuthToken(Bytes token, SessionId session, Instant expiration) {}

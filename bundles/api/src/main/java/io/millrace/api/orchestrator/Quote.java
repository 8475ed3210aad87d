package io.millrace.api.orchestrator;

/** The answer to "would you, and for how much". */
public sealed interface Quote permits Offer, Refusal {}

package io.millrace.ops.cli;

/** What a node is, by its role. A combined one is gateway and orchestrator. */
record Roles(boolean gateway, boolean orchestrator, boolean redeemer) {

    static Roles of(String role) {
        return new Roles(
                role.equals("gateway") || role.equals("combined"),
                role.equals("orchestrator") || role.equals("combined"),
                role.equals("redeemer"));
    }
}

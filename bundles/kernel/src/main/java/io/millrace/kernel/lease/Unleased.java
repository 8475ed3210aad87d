package io.millrace.kernel.lease;

/** The use of something that nobody withdraws. */
record Unleased(Runnable get, Provider provider) implements Lease<Runnable> {

    @Override
    public boolean withdrawn() {
        return false;
    }

    @Override
    public Lease<Runnable> share() {
        return this;
    }

    @Override
    public boolean hangs() {
        return false;
    }

    @Override
    public void close() {
        // nothing is held
    }
}

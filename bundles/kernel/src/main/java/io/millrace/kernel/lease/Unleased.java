package io.millrace.kernel.lease;

/** A lease on what nobody can withdraw: an instance that is not bound yet, or no longer. */
record Unleased<T>(T get, Provider provider) implements Lease<T> {

    @Override
    public String worker() {
        return "";
    }

    @Override
    public boolean withdrawn() {
        return false;
    }

    @Override
    public Lease<T> share() {
        return this;
    }

    @Override
    public Lease<T> share(String worker) {
        return this;
    }

    @Override
    public boolean setAside() {
        return false;
    }

    @Override
    public boolean hangs() {
        return false;
    }

    @Override
    public void close() {
        // nothing is counted
    }
}

package io.millrace.kernel;

/**
 * The kernel's threads, which inherit nothing. A thread takes the context class loader of its maker, who may be of a
 * bundle that is replaced while the thread goes on; and Felix 7.0.5 can remember a thread for good that loaded a class
 * at the same moment as another one (entries of {@code BundleClassLoader.m_classLocks} stay).
 */
public final class Threads {

    private Threads() {}

    /** Of a virtual thread. */
    public static Thread.Builder.OfVirtual virtual() {
        return Thread.ofVirtual().inheritInheritableThreadLocals(false);
    }

    /** Of a platform thread. */
    public static Thread.Builder.OfPlatform platform() {
        return Thread.ofPlatform().inheritInheritableThreadLocals(false);
    }
}

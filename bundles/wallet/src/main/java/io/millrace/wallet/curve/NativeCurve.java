package io.millrace.wallet.curve;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * libsecp256k1. A call takes some 40 microseconds and waits for nothing, so it is made by the thread that asks. The
 * library and its context are given back when nobody holds this object or a key of it any more: they outlive every
 * call by themselves. The library ends the process when an argument is not what it takes, so each is checked before.
 */
public final class NativeCurve implements Curve {

    private static final int CONTEXT_NONE = 1;
    private static final int UNCOMPRESSED = 2;

    /** A call's own memory: what goes in, what comes out, and the library's forms of a signature and a public key. */
    private static final long COMPACT = 0;
    private static final long DIGEST_AT = 64;
    private static final long OPAQUE_SIGNATURE = 96;
    private static final long OPAQUE_KEY = 168;
    private static final long SERIALIZED = 232;
    private static final long NUMBER = 304;
    private static final long SCRATCH = 312;

    // Handles that are constants, and take the function as their first argument: others cost a microsecond each.
    private static final MethodHandle PARSE_SIGNATURE = handle(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle SERIALIZE_SIGNATURE = handle(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle RECOVER = handle(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle SIGN = handle(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle IS_KEY = handle(JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle CREATE_KEY = handle(JAVA_INT, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle SERIALIZE_KEY = handle(JAVA_INT, ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle RANDOMIZE = handle(JAVA_INT, ADDRESS, ADDRESS);
    private static final MethodHandle SIZE_OF_CONTEXT = handle(JAVA_LONG, JAVA_INT);
    private static final MethodHandle CREATE_CONTEXT = handle(ADDRESS, ADDRESS, JAVA_INT);

    private final MemorySegment parseSignature;
    private final MemorySegment serializeSignature;
    private final MemorySegment recover;
    private final MemorySegment sign;
    private final MemorySegment isKey;
    private final MemorySegment createKey;
    private final MemorySegment serializeKey;
    private final MemorySegment context;

    /**
     * Loads the library from a file, which may be deleted afterwards.
     *
     * @throws IOException when it cannot be loaded here, with the reason
     */
    @SuppressWarnings("restricted")
    static NativeCurve load(Path file) throws IOException {
        try {
            return new NativeCurve(SymbolLookup.libraryLookup(file, Arena.ofAuto()));
        } catch (RuntimeException | LinkageError e) {
            // no such library for this system, or a JVM that may not call one
            throw new IOException(e.getMessage(), e);
        }
    }

    private NativeCurve(SymbolLookup library) throws IOException {
        parseSignature = function(library, "ecdsa_recoverable_signature_parse_compact");
        serializeSignature = function(library, "ecdsa_recoverable_signature_serialize_compact");
        recover = function(library, "ecdsa_recover");
        sign = function(library, "ecdsa_sign_recoverable");
        isKey = function(library, "ec_seckey_verify");
        createKey = function(library, "ec_pubkey_create");
        serializeKey = function(library, "ec_pubkey_serialize");
        context = context(library);
    }

    /** A context in memory of ours, blinded against who measures the time or the power that a signature takes. */
    private static MemorySegment context(SymbolLookup library) throws IOException {
        MemorySegment sizeOf = function(library, "context_preallocated_size");
        MemorySegment create = function(library, "context_preallocated_create");
        MemorySegment randomize = function(library, "context_randomize");
        byte[] seed = new byte[DIGEST];
        new SecureRandom().nextBytes(seed);
        try (Arena call = Arena.ofConfined()) {
            long size = (long) SIZE_OF_CONTEXT.invokeExact(sizeOf, CONTEXT_NONE);
            MemorySegment context = Arena.ofAuto().allocate(size, 16);
            MemorySegment created = (MemorySegment) CREATE_CONTEXT.invokeExact(create, context, CONTEXT_NONE);
            MemorySegment random = call.allocateFrom(JAVA_BYTE, seed);
            if (created.address() != context.address()
                    || (int) RANDOMIZE.invokeExact(randomize, context, random) != 1) {
                throw new IllegalStateException("it makes no context");
            }
            random.fill((byte) 0);
            return context;
        } catch (Throwable e) {
            throw unexpected(e);
        } finally {
            Arrays.fill(seed, (byte) 0);
        }
    }

    private static MemorySegment function(SymbolLookup library, String name) throws IOException {
        return library.find("secp256k1_" + name).orElseThrow(() -> new IOException("it lacks secp256k1_" + name));
    }

    @SuppressWarnings("restricted")
    private static MethodHandle handle(MemoryLayout result, MemoryLayout... arguments) {
        return Linker.nativeLinker().downcallHandle(FunctionDescriptor.of(result, arguments));
    }

    @Override
    public String name() {
        return "libsecp256k1";
    }

    @Override
    public byte[] recover(byte[] digest, byte[] signature) {
        int v = Curves.checked(digest, signature);
        try (Arena call = Arena.ofConfined()) {
            MemorySegment memory = call.allocate(SCRATCH, 16);
            MemorySegment.copy(signature, 0, memory, JAVA_BYTE, COMPACT, SIGNATURE - 1);
            MemorySegment.copy(digest, 0, memory, JAVA_BYTE, DIGEST_AT, DIGEST);
            MemorySegment parsed = memory.asSlice(OPAQUE_SIGNATURE);
            MemorySegment key = memory.asSlice(OPAQUE_KEY);
            return (int) PARSE_SIGNATURE.invokeExact(parseSignature, context, parsed, memory.asSlice(COMPACT), v) == 1
                            && (int) RECOVER.invokeExact(recover, context, key, parsed, memory.asSlice(DIGEST_AT)) == 1
                    ? serialized(memory)
                    : new byte[0];
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private byte[] serialized(MemorySegment memory) throws Throwable {
        memory.set(JAVA_LONG, NUMBER, PUBLIC_KEY + 1);
        int done = (int) SERIALIZE_KEY.invokeExact(
                serializeKey,
                context,
                memory.asSlice(SERIALIZED),
                memory.asSlice(NUMBER),
                memory.asSlice(OPAQUE_KEY),
                UNCOMPRESSED);
        if (done != 1) {
            throw new IllegalStateException("libsecp256k1 cannot write a public key");
        }
        byte[] bytes = new byte[PUBLIC_KEY];
        MemorySegment.copy(memory, JAVA_BYTE, SERIALIZED + 1, bytes, 0, PUBLIC_KEY);
        return bytes;
    }

    @Override
    public SigningKey key(byte[] secret) {
        return key(secret, Arena.ofShared());
    }

    SigningKey key(byte[] secret, Arena arena) {
        return new Key(secret, arena);
    }

    private static RuntimeException unexpected(Throwable e) {
        return switch (e) {
            case RuntimeException runtime -> runtime;
            case Error error -> throw error;
            default -> new IllegalStateException(e);
        };
    }

    /** The private key lies in native memory, where no collector copies it, and no dump of the heap shows it. */
    private final class Key implements SigningKey {

        private final Arena arena;
        private final MemorySegment secret;
        private final ReadWriteLock open = new ReentrantReadWriteLock();
        private final byte[] publicKey;

        Key(byte[] bytes, Arena arena) {
            this.arena = arena;
            secret = arena.allocate(DIGEST);
            if (bytes.length != DIGEST) {
                close();
                throw new IllegalArgumentException("a private key has 32 bytes");
            }
            MemorySegment.copy(bytes, 0, secret, JAVA_BYTE, 0, DIGEST);
            try (Arena call = Arena.ofConfined()) {
                MemorySegment memory = call.allocate(SCRATCH, 16);
                if ((int) IS_KEY.invokeExact(isKey, context, secret) != 1
                        || (int) CREATE_KEY.invokeExact(createKey, context, memory.asSlice(OPAQUE_KEY), secret) != 1) {
                    close();
                    throw new IllegalArgumentException("these 32 bytes are no private key");
                }
                publicKey = serialized(memory);
            } catch (Throwable e) {
                throw unexpected(e);
            }
        }

        @Override
        public byte[] publicKey() {
            return publicKey.clone();
        }

        @Override
        public byte[] sign(byte[] digest) {
            if (digest.length != DIGEST) {
                throw new IllegalArgumentException("a digest has 32 bytes, not " + digest.length);
            }
            open.readLock().lock();
            try (Arena call = Arena.ofConfined()) {
                if (!secret.scope().isAlive()) {
                    throw new IllegalStateException("the key has been wiped");
                }
                MemorySegment memory = call.allocate(SCRATCH, 16);
                MemorySegment.copy(digest, 0, memory, JAVA_BYTE, DIGEST_AT, DIGEST);
                return signed(memory);
            } catch (Throwable e) {
                throw unexpected(e);
            } finally {
                open.readLock().unlock();
            }
        }

        private byte[] signed(MemorySegment memory) throws Throwable {
            MemorySegment made = memory.asSlice(OPAQUE_SIGNATURE);
            MemorySegment nothing = MemorySegment.NULL;
            int done = (int) SIGN.invokeExact(sign, context, made, memory.asSlice(DIGEST_AT), secret, nothing, nothing);
            MemorySegment v = memory.asSlice(NUMBER);
            if (done != 1
                    || (int) SERIALIZE_SIGNATURE.invokeExact(serializeSignature, context, memory.asSlice(COMPACT), v, made) != 1) {
                throw new IllegalStateException("libsecp256k1 cannot sign");
            }
            byte[] signature = new byte[SIGNATURE];
            MemorySegment.copy(memory, JAVA_BYTE, COMPACT, signature, 0, SIGNATURE - 1);
            signature[SIGNATURE - 1] = (byte) (27 + memory.get(JAVA_INT, NUMBER));
            return signature;
        }

        @Override
        public void close() {
            open.writeLock().lock();
            try {
                if (secret.scope().isAlive()) {
                    secret.fill((byte) 0);
                    arena.close();
                }
            } finally {
                open.writeLock().unlock();
            }
        }

        @Override
        public String toString() {
            return "a key of libsecp256k1";
        }
    }
}

package io.millrace.wallet.curve;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;

/** libsecp256k1 with nothing around it: constant handles, memory that is there, arguments that are in it already. */
@SuppressWarnings("restricted")
public final class BareLibrary {

    private static final SymbolLookup LIBRARY = library();
    private static final MethodHandle CREATE = handle(
            "context_create", FunctionDescriptor.of(ADDRESS, JAVA_INT));
    private static final MethodHandle PARSE =
            of("ecdsa_recoverable_signature_parse_compact", ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle RECOVER = of("ecdsa_recover", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle SERIALIZE =
            of("ec_pubkey_serialize", ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    private static final MethodHandle SIGN =
            of("ecdsa_sign_recoverable", ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    private static final MethodHandle WRITE =
            of("ecdsa_recoverable_signature_serialize_compact", ADDRESS, ADDRESS, ADDRESS, ADDRESS);

    private final MemorySegment context;
    private final MemorySegment memory = Arena.global().allocate(512, 16);
    private final MemorySegment digest = memory.asSlice(0, 32);
    private final MemorySegment compact = memory.asSlice(32, 64);
    private final MemorySegment signature = memory.asSlice(96, 65);
    private final MemorySegment key = memory.asSlice(176, 64);
    private final MemorySegment out = memory.asSlice(240, 65);
    private final MemorySegment number = memory.asSlice(320, 8);
    private final MemorySegment secret = memory.asSlice(336, 32);

    /** Puts the arguments into its memory. */
    public BareLibrary(byte[] digest, byte[] signature, byte[] secret) throws Throwable {
        context = (MemorySegment) CREATE.invokeExact(1);
        this.digest.copyFrom(MemorySegment.ofArray(digest));
        this.compact.copyFrom(MemorySegment.ofArray(signature).asSlice(0, 64));
        this.secret.copyFrom(MemorySegment.ofArray(secret));
    }

    private static SymbolLookup library() {
        try (InputStream in = Curves.class.getResourceAsStream(Curves.resource())) {
            Path file = Files.createTempFile("bare", ".so");
            Files.write(file, in.readAllBytes());
            SymbolLookup library = SymbolLookup.libraryLookup(file, Arena.global());
            Files.delete(file);
            return library;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static MethodHandle of(String name, MemoryLayout... arguments) {
        return handle(name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    private static MethodHandle handle(String name, FunctionDescriptor descriptor) {
        return Linker.nativeLinker().downcallHandle(LIBRARY.find("secp256k1_" + name).orElseThrow(), descriptor);
    }

    /** From the 65 bytes of a signature to the 65 bytes of a public key; a byte of it. */
    public int recover(int v) {
        try {
            number.set(JAVA_LONG, 0, 65);
            int done = (int) PARSE.invokeExact(context, signature, compact, v - 27)
                    + (int) RECOVER.invokeExact(context, key, signature, digest)
                    + (int) SERIALIZE.invokeExact(context, out, number, key, 2);
            return done + out.get(JAVA_BYTE, 1);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** To the 64 bytes of a signature and its number; a byte of it. */
    public int sign() {
        try {
            int done = (int) SIGN.invokeExact(
                            context, signature, digest, secret, MemorySegment.NULL, MemorySegment.NULL)
                    + (int) WRITE.invokeExact(context, out, number, signature);
            return done + out.get(JAVA_BYTE, 0);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}

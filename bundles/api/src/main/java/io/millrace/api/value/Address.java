package io.millrace.api.value;

/** An Ethereum address: exactly 20 bytes. {@link #NONE} stands for "no account", as off-chain. */
public record Address(Bytes bytes) {

    /** Length of an address in bytes. */
    public static final int LENGTH = 20;

    /** Twenty zero bytes, which is how the off-chain wire says "nobody". */
    public static final Address NONE = new Address(Bytes.wrap(new byte[LENGTH]));

    /** Checks the length. */
    public Address {
        if (bytes.size() != LENGTH) {
            throw new IllegalArgumentException("an address has 20 bytes, not " + bytes.size());
        }
    }

    @Override
    public String toString() {
        return "0x" + bytes.hex();
    }
}

package io.millrace.api.network;

import io.millrace.api.value.Address;
import io.millrace.api.value.Capabilities;
import io.millrace.api.value.Price;
import io.millrace.api.value.Registration;
import io.millrace.api.value.Wei;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/** Who is out there. */
@ConsumerType
public interface Directory {

    /** Everybody known now, in no order; never blocks for long: sources are read in the background. */
    List<Listing> listings();

    /**
     * Asks to be told when the listings have changed. The directory runs {@code changed} on any thread and holds no
     * lock meanwhile. A directory that never changes ignores it.
     *
     * @return closing it ends the telling
     */
    default Registration watch(Runnable changed) {
        return () -> {};
    }

    /** An orchestrator that may be asked, with what is known of it before. Immutable. */
    final class Listing {

        private final URI address;
        private final double trust;
        private final boolean configured;
        private final Address account;
        private final Optional<Wei> stake;
        private final Optional<Price> price;
        private final Optional<Capabilities> capabilities;

        private Listing(Builder builder) {
            address = builder.address;
            trust = builder.trust;
            configured = builder.configured;
            account = builder.account;
            stake = builder.stake;
            price = builder.price;
            capabilities = builder.capabilities;
        }

        /** An orchestrator of which only the address is known: an https or http address, or {@code loopback:local}. */
        public static Builder at(URI address) {
            return new Builder(address);
        }

        /** Where to ask. */
        public URI address() {
            return address;
        }

        /** 0 for none; 1 and above for an orchestrator that the operator named. */
        public double trust() {
            return trust;
        }

        /**
         * Whether the operator wrote this very address down. Then it may lie in a private network, and what the
         * peer says of the same host and port is believed: see {@link AddressGuard}.
         */
        public boolean configured() {
            return configured;
        }

        /** Its account, {@link Address#NONE} when that is not known. */
        public Address account() {
            return account;
        }

        /** What is staked for it, in the token's smallest unit, where that is known. */
        public Optional<Wei> stake() {
            return stake;
        }

        /** What it asked the last time, where that is known. */
        public Optional<Price> price() {
            return price;
        }

        /** What it could do the last time, where that is known. */
        public Optional<Capabilities> capabilities() {
            return capabilities;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Listing that
                    && address.equals(that.address)
                    && trust == that.trust
                    && configured == that.configured
                    && account.equals(that.account)
                    && stake.equals(that.stake)
                    && price.equals(that.price)
                    && capabilities.equals(that.capabilities);
        }

        @Override
        public int hashCode() {
            return address.hashCode();
        }

        @Override
        public String toString() {
            return address + " (trust " + trust + ")";
        }

        /** Makes a listing. Not thread-safe. */
        public static final class Builder {

            private final URI address;
            private double trust;
            private boolean configured;
            private Address account = Address.NONE;
            private Optional<Wei> stake = Optional.empty();
            private Optional<Price> price = Optional.empty();
            private Optional<Capabilities> capabilities = Optional.empty();

            private Builder(URI address) {
                this.address = address;
            }

            /** How far it is trusted; 0 when it is not said. */
            public Builder trust(double newTrust) {
                trust = newTrust;
                return this;
            }

            /** The operator wrote this very address down. */
            public Builder configured(boolean newConfigured) {
                configured = newConfigured;
                return this;
            }

            /** Its account. */
            public Builder account(Address newAccount) {
                account = newAccount;
                return this;
            }

            /** What is staked for it. */
            public Builder stake(Wei newStake) {
                stake = Optional.of(newStake);
                return this;
            }

            /** What it asked the last time. */
            public Builder price(Price newPrice) {
                price = Optional.of(newPrice);
                return this;
            }

            /** What it could do the last time. */
            public Builder capabilities(Capabilities newCapabilities) {
                capabilities = Optional.of(newCapabilities);
                return this;
            }

            /** The listing. */
            public Listing build() {
                return new Listing(this);
            }
        }
    }
}

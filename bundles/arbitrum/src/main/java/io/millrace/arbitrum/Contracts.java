package io.millrace.arbitrum;

import io.millrace.api.value.Address;

/** Where the contracts of settlement are, as the Controller says. */
record Contracts(Address controller, Address broker, Address rounds, Address bonding) {}

package io.millrace.api.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.orchestrator.TicketParams;
import io.millrace.api.value.Address;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.Keccak256;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All tickets of a recorded stream between a gateway and an orchestrator of go-livepeer 0.9.1. */
class RecordedTicketsTest {

    private static final String UNKNOWN = "-";

    private final List<String[]> lines = lines();

    @Test
    void theirHashesAreComputedAgain() {
        assertEquals(57, lines.size());
        for (String[] line : lines) {
            assertEquals(line[11], ticket(line).hash().hex(), "nonce " + line[9]);
        }
    }

    @Test
    void theirDrawsAreComputedAgainWhereTheSecretNumberWasRevealed() {
        long drawn = lines.stream()
                .filter(line -> !line[12].equals(UNKNOWN))
                .peek(line -> {
                    Bytes rand = Bytes.hex(line[12]);
                    assertEquals(line[5], Keccak256.of(rand).hex());
                    assertEquals(new BigInteger(line[13], 16), Ticket.draw(Bytes.hex(line[10]), rand));
                })
                .count();
        assertEquals(26, drawn);
    }

    @Test
    void thoseThatWonAreThoseThatWereRedeemed() {
        assertEquals(
                14,
                lines.stream()
                        .filter(line -> !line[12].equals(UNKNOWN))
                        .filter(line -> ticket(line).wins(Bytes.hex(line[10]), Bytes.hex(line[12])))
                        .count());
    }

    private static Ticket ticket(String[] line) {
        TicketParams params = new TicketParams(
                new Address(Bytes.hex(line[1])),
                new BigInteger(line[2]),
                new BigInteger(line[3], 16),
                Bytes.hex(line[5]),
                new BigInteger(line[4], 16),
                new BigInteger(line[6]),
                Long.parseLong(line[7]),
                Bytes.hex(line[8]));
        return new Ticket(new Address(Bytes.hex(line[0])), params, Long.parseLong(line[9]));
    }

    private static List<String[]> lines() {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                RecordedTicketsTest.class.getResourceAsStream("recorded-tickets.txt"), StandardCharsets.US_ASCII))) {
            return reader.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" "))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

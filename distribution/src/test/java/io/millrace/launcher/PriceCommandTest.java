package io.millrace.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.JsonObject;
import java.io.StringReader;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.Test;

class PriceCommandTest {

    private static String text(String json) {
        JsonObject quote = new JsonProviderImpl().createReader(new StringReader(json)).readObject();
        return PriceCommand.text(quote).replace(System.lineSeparator(), "\n");
    }

    @Test
    void aPriceComesWithItsReasons() {
        assertEquals(
                "9375000.03 wei for a unit\n- pricePerUnit is 5000000\n"
                        + "a ticket is worth 100 wei on average; a winning one pays 400 wei\n",
                text("{\"price\":\"937500003/100\",\"base\":\"5000000\",\"ticketValue\":\"300000000000000000001/3000000000000000000\",\"faceValue\":\"400\","
                        + "\"reasons\":[\"pricePerUnit is 5000000\"],\"refusal\":null}"));
    }

    @Test
    void whyThereIsNoPriceIsSaid() {
        assertEquals(
                "quoted no price: it has no reserve\n",
                text("{\"price\":null,\"base\":null,\"ticketValue\":null,\"faceValue\":null,\"reasons\":[],"
                        + "\"refusal\":\"it has no reserve\"}"));
    }

    @Test
    void offChainNothingIsAsked() {
        assertEquals(
                "free: nothing is asked\n",
                text("{\"price\":null,\"base\":null,\"ticketValue\":null,\"faceValue\":null,\"reasons\":[],\"refusal\":null}"));
    }
}

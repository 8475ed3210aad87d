package io.millrace.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import jakarta.json.JsonObject;
import java.io.StringReader;
import org.eclipse.parsson.JsonProviderImpl;
import org.junit.jupiter.api.Test;

class MoneyCommandTest {

    private static String text(String json) {
        JsonObject money =
                new JsonProviderImpl().createReader(new StringReader(json)).readObject();
        return MoneyCommand.text(money);
    }

    @Test
    void whatANodeEarnedAndPaidIsSaidInEth() {
        assertEquals(
                """
                account 0xAb
                deposit 1.000000000, reserve 0.500000000
                EARNED FROM  WORTH        WORK         WINNERS  WON          REDEEMED  PAID
                0xCd         0.002100000  0.000221391  14       0.002800000  13        0.002600000
                PAID TO  WORTH        WORK
                0xEf     0.000000001  0.000000000
                1 winning ticket waits to be redeemed
                the chain cannot be asked now: no answer
                """,
                text("""
                {"account":"0xAb","funds":{"deposit":"1000000000000000000","reserve":"500000000000000000"},
                "received":[{"peer":"0xCd","value":"2100000000000000","work":"221391000000000","winners":14,
                "faceValue":"2800000000000000","redeemed":13,"paid":"2600000000000000"}],
                "sent":[{"peer":"0xEf","value":"1000000000","work":"0"}],"pending":[{}],
                "problems":["the chain cannot be asked now: no answer"]}
                """));
    }

    @Test
    void anOffChainNodeSaysSo() {
        assertEquals(
                "This node is off-chain: nothing is paid.\n",
                text("{\"account\":null,\"newest\":[],\"minutes\":[],\"problems\":[]}"));
    }
}

package io.millrace.kernel.payment;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.job.JobSpec;
import io.millrace.api.value.Address;
import io.millrace.api.value.Capability;
import io.millrace.api.value.Price;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ModelPricesTest {

    private static final Price GENERAL = Price.of(5, 1);
    private static final Price OF_THE_PIPELINE = Price.of(7, 3);
    private static final Map<Integer, Map<String, Price>> OWN = Map.of(Capability.LLM, Map.of("m", OF_THE_PIPELINE));

    private static Price price(PriceList book, JobSpec spec) {
        return new ModelPrices(book, () -> OWN).price(Address.NONE, spec).price();
    }

    private static JobSpec job(int capability, String model) {
        return JobSpec.anything().forModel(capability, model);
    }

    @Test
    void aModelCostsWhatItsPipelineAsksAndEverythingElseWhatTheBookSays() {
        PriceList book = new OnePrice(() -> GENERAL);
        assertEquals(OF_THE_PIPELINE, price(book, job(Capability.LLM, "m")));
        assertEquals(GENERAL, price(book, job(Capability.LLM, "other")));
        assertEquals(GENERAL, price(book, job(Capability.UPSCALE, "m")));
        assertEquals(GENERAL, price(book, JobSpec.anything()));
        assertEquals(OWN, new ModelPrices(book, () -> OWN).prices(Address.NONE));
    }

    @Test
    void aPriceThatTheOperatorConfiguredForTheModelCountsInstead() {
        PriceList book = new PriceList() {
            @Override
            public Listed price(Address sender, JobSpec spec) {
                return new Listed(GENERAL, List.of());
            }

            @Override
            public Listed known(Address sender, JobSpec spec) {
                return price(sender, spec);
            }

            @Override
            public Map<Integer, Map<String, Price>> prices(Address sender) {
                return Map.of(Capability.LLM, Map.of("m", GENERAL));
            }
        };
        assertEquals(GENERAL, price(book, job(Capability.LLM, "m")));
        assertEquals(GENERAL, new ModelPrices(book, () -> OWN).prices(Address.NONE).get(Capability.LLM).get("m"));
    }
}

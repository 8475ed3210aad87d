package io.millrace.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.millrace.api.value.Capability;
import io.millrace.api.value.Price;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelsFileTest {

    @Test
    void goLivepeersFileIsReadAsItIs() {
        List<ModelsFile.Model> models = ModelsFile.read("""
                [{"pipeline":"llm","model_id":"a/b","url":"http://h:8000/","token":"t","capacity":4,
                  "price_per_unit":0.18,"pixels_per_unit":1000,"warm":true,"gateway":"default",
                  "optimization_flags":{"SFAST":true}},
                 {"pipeline":"text-to-image","model_id":"c","url":"https://h2"}]""", 1);
        ModelsFile.Model llm = models.getFirst();
        assertEquals(Capability.LLM, llm.capability());
        assertEquals("http://h:8000", llm.url().toString());
        assertEquals(4, llm.capacity());
        assertTrue(llm.warm());
        assertEquals(Price.of(18, 100_000).perUnit(), llm.price().orElseThrow().perUnit());
        ModelsFile.Model image = models.getLast();
        assertEquals(1, image.capacity());
        assertFalse(image.warm());
        assertEquals(Optional.empty(), image.price());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{} | it is no JSON array of models",
        "[ | it is no JSON",
        "[5] | entry 1: it is no JSON object",
        "[{\"pipeline\":\"i-love-tests\"}] | entry 1: 'i-love-tests' is no pipeline of the network",
        "[{\"pipeline\":\"llm\"}] | entry 1: it has no model_id",
        "[{\"pipeline\":\"llm\",\"model_id\":\"m\"}] | entry 1: it has no url",
        "[{\"pipeline\":\"llm\",\"model_id\":\"m\",\"url\":\"ftp://h\"}] | entry 1: 'ftp://h' is no http or https address",
        "[{\"pipeline\":\"llm\",\"model_id\":\"m\",\"url\":\"http://h\",\"capacity\":-1}] | entry 1: capacity is from 1",
        "[{\"pipeline\":\"llm\",\"model_id\":\"m\",\"url\":\"http://h\",\"price_per_unit\":\"5\"}] | entry 1: 'price_per_unit' is no number",
        "[{\"pipeline\":\"llm\",\"model_id\":\"m\",\"url\":\"http://h\",\"price_per_unit\":1e999999}] | entry 1: 'price_per_unit' has too many",
        "[{\"pipeline\":\"llm\",\"model_id\":\"m\",\"url\":\"http://h\",\"price_per_unit\":-1}] | entry 1: price_per_unit is at least 0",
        "[{\"pipeline\":\"llm\",\"model_id\":\"m\",\"url\":\"http://h\",\"price_per_unit\":1,\"pixels_per_unit\":0.5}] | entry 1: price_per_unit is",
        "[{\"pipeline\":\"llm\",\"model_id\":\"m\",\"url\":\"http://h\",\"price_per_unit\":1,\"currency\":\"USD\"}] | entry 1: prices in USD",
        "[{\"pipeline\":\"llm\",\"model_id\":\"m\",\"url\":\"http://h\",\"gateway\":\"0xabc\"}] | entry 1: prices for single gateways",
        "[{\"pipeline\":\"image-to-video\",\"model_id\":\"m\",\"url\":\"http://h\"}] | entry 1: image-to-video is not there yet",
    })
    void anEntryThatMakesNoSenseIsNamedWithItsReason(String text, String reason) {
        String said = assertThrows(IllegalArgumentException.class, () -> ModelsFile.read(text, 1)).getMessage();
        assertTrue(said.startsWith(reason), said);
    }

    @Test
    void theTokenOfARunnerStaysOutOfMessages() {
        String model = ModelsFile.read(
                        "[{\"pipeline\":\"llm\",\"model_id\":\"m\",\"url\":\"http://h\",\"token\":\"s3cr3t\"}]", 1)
                .getFirst()
                .toString();
        assertFalse(model.contains("s3cr3t"), model);
    }

    @Test
    void aTokenThatNoHeaderTakesIsRefusedWithoutBeingRepeated() {
        String file = "[{\"pipeline\":\"llm\",\"model_id\":\"m\",\"url\":\"http://h\",\"token\":\"s3cr3t\\n\"}]";
        String said = assertThrows(IllegalArgumentException.class, () -> ModelsFile.read(file, 1)).getMessage();
        assertTrue(said.startsWith("entry 1: its token"), said);
        assertFalse(said.contains("s3cr3t"), said);
    }

    @Test
    void aPriceIsForTheNodesPixelsPerUnitWhereTheEntryDoesNotSay() {
        List<ModelsFile.Model> models = ModelsFile.read(
                """
                [{"pipeline":"llm","model_id":"m","url":"http://h","price_per_unit":5},
                 {"pipeline":"llm","model_id":"n","url":"http://h","price_per_unit":5,"pixels_per_unit":2}]""",
                1000);
        assertEquals(Price.of(5, 1000), models.getFirst().price().orElseThrow());
        assertEquals(Price.of(5, 2), models.getLast().price().orElseThrow());
    }
}

package io.millrace.kernel.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class NumberingTest {

    private final Numbering numbering = new Numbering();

    private long number(long sequence) {
        return numbering.place(sequence).number();
    }

    @Test
    void numbersStayAsTheyAreInAnyOrder() {
        assertEquals(3, number(3));
        assertEquals(1, number(1));
        assertEquals(2, number(2));
        assertEquals(4, numbering.next());
    }

    @Test
    void aNumberThatComesAgainIsKnown() {
        assertFalse(numbering.place(7).again());
        assertTrue(numbering.place(7).again());
    }

    @Test
    void aPublisherThatBeginsAnewGoesOnAfterTheHighest() {
        number(0);
        number(1);
        number(2);
        Numbering.Place anew = numbering.place(0);
        assertEquals(new Numbering.Place(3, false, true), anew);
        assertEquals(4, number(1));
        assertEquals(5, number(2));
    }

    @Test
    void theFirstNumberMayComeLate() {
        number(2);
        assertEquals(new Numbering.Place(0, false, false), numbering.place(0));
    }

    @Test
    void aNumberFarBackIsABeginningToo() {
        number(1000);
        assertEquals(new Numbering.Place(1001, false, true), numbering.place(10));
        assertEquals(1002, number(11));
    }

    @Test
    void theFirstNumberSentOnceMoreIsNoBeginning() {
        number(0);
        assertEquals(new Numbering.Place(0, true, false), numbering.place(0));
    }

    @Test
    void numbersBeyondCountingAreBroughtDown() {
        assertEquals(0, number(Long.MIN_VALUE));
        assertEquals(1, number(Long.MIN_VALUE + 1));
        assertEquals(2, number(Long.MAX_VALUE));
        assertEquals(3, number(Long.MIN_VALUE));
        assertEquals(4, numbering.next());
    }

    @Test
    void aPublisherThatComesBackGoesOnWithTheNextNumber() {
        number(0);
        number(1);
        number(0);
        numbering.resume();
        assertEquals(3, numbering.next());
        assertEquals(3, number(3));
    }
}

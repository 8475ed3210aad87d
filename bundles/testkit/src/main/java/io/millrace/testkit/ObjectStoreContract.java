package io.millrace.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.millrace.api.publish.ObjectStore;
import io.millrace.api.value.Bytes;
import io.millrace.api.value.SessionId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What every {@link ObjectStore} does.
 *
 * <pre>{@code
 * class BucketObjectStoreTest extends ObjectStoreContract {
 *     protected ObjectStore store() {
 *         return new BucketObjectStore(bucketOfThisTest());
 *     }
 * }
 * }</pre>
 */
public abstract class ObjectStoreContract {

    private static final SessionId SESSION = new SessionId("0a1b2c3d");

    /** A store with nothing in it. */
    protected abstract ObjectStore store();

    @Test
    void whatWasPutIsFoundUnderSessionAndName() {
        ObjectStore store = store();
        String path = store.put(SESSION, "720p/1.ts", Bytes.utf8("one"));
        assertEquals("0a1b2c3d/720p/1.ts", path);
        assertEquals(Optional.of(Bytes.utf8("one")), store.get(path));
    }

    @Test
    void aSecondObjectOfTheSameNameReplacesTheFirst() {
        ObjectStore store = store();
        store.put(SESSION, "720p/1.ts", Bytes.utf8("one"));
        String path = store.put(SESSION, "720p/1.ts", Bytes.utf8("two"));
        assertEquals(Optional.of(Bytes.utf8("two")), store.get(path));
    }

    @Test
    void whatWasNeverPutIsNotFound() {
        ObjectStore store = store();
        assertEquals(Optional.empty(), store.get("0a1b2c3d/720p/1.ts"));
        assertEquals(Optional.empty(), store.get(""));
        assertEquals(Optional.empty(), store.get("../../etc/passwd"));
    }

    @Test
    void aDroppedSessionTakesItsObjectsAlongAndNobodyElses() {
        ObjectStore store = store();
        String gone = store.put(SESSION, "720p/1.ts", Bytes.utf8("one"));
        String kept = store.put(new SessionId("0a1b2c3d4"), "720p/1.ts", Bytes.utf8("two"));
        store.drop(SESSION);
        assertEquals(Optional.empty(), store.get(gone));
        assertEquals(Optional.of(Bytes.utf8("two")), store.get(kept));
    }

    @Test
    void droppingASessionThatIsNotThereIsHarmless() {
        store().drop(new SessionId("nobody"));
    }
}

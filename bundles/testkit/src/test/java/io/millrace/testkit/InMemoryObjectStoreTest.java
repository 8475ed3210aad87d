package io.millrace.testkit;

import io.millrace.api.publish.ObjectStore;

class InMemoryObjectStoreTest extends ObjectStoreContract {
    @Override
    protected ObjectStore store() {
        return new InMemoryObjectStore();
    }
}

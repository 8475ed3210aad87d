package io.millrace.testkit;

import io.millrace.api.publish.Publisher;

class RecordingPublisherTest extends PublisherContract {
    @Override
    protected Publisher publisher() {
        return new RecordingPublisher();
    }
}

package io.millrace.kernel;

import io.millrace.api.compute.Pipeline;
import io.millrace.api.node.NodeEvents;
import io.millrace.api.publish.Publisher;
import io.millrace.testkit.FlowNode;
import io.millrace.testkit.WholeFlowContract;
import java.util.List;

class LoopbackStreamTest extends WholeFlowContract {

    @Override
    protected FlowNode node(List<Pipeline> pipelines, Publisher publisher, NodeEvents events) {
        return new LoopbackNode(pipelines, publisher, events);
    }
}

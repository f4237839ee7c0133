package dev.zooflow.model;

import dev.zooflow.experiment.FlowSpec;
import dev.zooflow.graph.Architecture;
import dev.zooflow.graph.LayerLayout;

/** How large a flow is, known before it is trained. */
public final class FlowSize {

    private FlowSize() {}

    /** Parameters of a flow's network over networks of an architecture; at most so many where it works on principal components. */
    public static long parameters(FlowSpec flow, Architecture architecture) {
        WeightSpace space = WeightSpace.of(flow, LayerLayout.of(architecture));
        return FlowNetwork.backbone(flow.backbone(), space).parameters().size();
    }
}

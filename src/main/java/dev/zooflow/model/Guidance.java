package dev.zooflow.model;

import dev.zooflow.experiment.GuidanceSpec;
import dev.zooflow.flow.VelocityField;
import dev.zooflow.flow.guidance.GradientScale;
import dev.zooflow.flow.guidance.Guide;
import dev.zooflow.flow.guidance.GuidedField;
import dev.zooflow.flow.guidance.GuidedField.Place;
import dev.zooflow.flow.guidance.Pullback;
import dev.zooflow.flow.guidance.Ramp;
import dev.zooflow.flow.guidance.Schedule;
import dev.zooflow.graph.CoordinateGroups;

/** Guidance of a flow as a specification asks for it. */
final class Guidance {

    private Guidance() {}

    /** The field with guidance. Networks are those of the nearest points on the data's manifold. */
    static GuidedField of(VelocityField field, WeightSpace space, GuidanceSpec spec, Guide guide) {
        Pullback objective =
                new Pullback(x -> space.decode(space.geometry().points().projx(x)), guide);
        Schedule schedule = new Schedule(ramp(spec), spec.strength(), spec.from(), spec.to());
        Place place = spec.at() == GuidanceSpec.At.XT ? Place.CURRENT_POINT : Place.END_POINT;
        return new GuidedField(field, space.geometry().path(), objective, schedule, place, scale(space, spec));
    }

    private static Ramp ramp(GuidanceSpec spec) {
        return switch (spec.schedule()) {
            case CONSTANT -> Ramp.CONSTANT;
            case LINEAR -> Ramp.LINEAR;
            case COSINE -> Ramp.COSINE;
        };
    }

    private static GradientScale scale(WeightSpace space, GuidanceSpec spec) {
        return switch (spec.normalise()) {
            case NONE -> GradientScale.none();
            case VELOCITY -> new GradientScale(false, space.size());
            case INITIAL -> new GradientScale(true, space.size());
            case BLOCK ->
                new GradientScale(
                        false,
                        CoordinateGroups.blocks(space.layout(), space.size()).ends());
        };
    }
}

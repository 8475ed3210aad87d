package io.millrace.ffmpeg;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decides from which rendition another is scaled: each from the smallest that is at least as large, unless the source
 * itself is closer. This costs half of scaling each from the source and looks the same.
 */
final class ScalingOrder {

    private ScalingOrder() {}

    /**
     * Connects the renditions.
     *
     * @return those that are made from the source
     */
    static List<Rendition> connect(List<Rendition> renditions, Size source) {
        int sourceSide = Math.max(source.width(), source.height());
        List<Rendition> falling = new ArrayList<>(renditions);
        falling.sort(Comparator.comparingInt(Rendition::longSide).reversed());
        List<Rendition> roots = new ArrayList<>();
        Rendition larger = null;
        for (Rendition rendition : falling) {
            if (larger == null || larger.longSide() >= sourceSide) {
                roots.add(rendition);
            } else {
                larger.feeds(rendition);
            }
            larger = rendition;
        }
        return roots;
    }
}

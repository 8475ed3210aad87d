package io.millrace.ffmpeg;

import io.millrace.api.resource.Budget;
import java.util.concurrent.Executor;

/**
 * What segments are transcoded with.
 *
 * @param encoder makes the renditions
 * @param preset of x264
 * @param pixelsPerSecond that one segment may decode and encode for each second of its media
 * @param threads one platform thread for each task, at once
 * @param interruption ends native work that reads
 * @param memory of the node, outside of the heap
 */
record Resources(
        Encoder encoder,
        String preset,
        long pixelsPerSecond,
        Executor threads,
        Interruption interruption,
        Budget memory) {}

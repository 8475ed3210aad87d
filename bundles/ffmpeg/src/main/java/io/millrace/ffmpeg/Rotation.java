package io.millrace.ffmpeg;

import static org.bytedeco.ffmpeg.global.avcodec.AV_PKT_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_side_data_get;
import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_DATA_DISPLAYMATRIX;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_remove_side_data;

import io.millrace.ffmpeg.PictureFilters.Form;
import io.millrace.ffmpeg.PictureFilters.Step;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVPacketSideData;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.IntPointer;

/**
 * Turns pictures as the display matrix of their track says (ISO/IEC 14496-12, 8.3.2), by quarters of a turn and as
 * mirrors do; the ffmpeg command does the same. A transport stream has no place for such a matrix, so that the
 * pictures themselves are turned. For one thread.
 */
final class Rotation implements AutoCloseable {

    private static final int MATRIX = 9;

    /** Filters with their arguments; none for pictures that stand upright. */
    private final List<Step> steps;

    private PictureFilters filters;

    private Rotation(List<Step> steps) {
        this.steps = steps;
    }

    /** As the container says of the track. */
    static Rotation of(AVStream stream) {
        AVPacketSideData found = av_packet_side_data_get(
                stream.codecpar().coded_side_data(), stream.codecpar().nb_coded_side_data(), AV_PKT_DATA_DISPLAYMATRIX);
        int[] matrix = new int[MATRIX];
        if (found == null || found.isNull() || found.size() < (long) MATRIX * Integer.BYTES) {
            return new Rotation(List.of());
        }
        new IntPointer(found.data()).get(matrix);
        return new Rotation(steps(matrix));
    }

    /** The matrix is {@code a b u, c d v, x y w}: a picture lies on its side when only b and c count. */
    static List<Step> steps(int[] matrix) {
        int a = Integer.signum(matrix[0]);
        int b = Integer.signum(matrix[1]);
        int c = Integer.signum(matrix[3]);
        int d = Integer.signum(matrix[4]);
        List<Step> steps = new ArrayList<>();
        if (a == 0 && d == 0 && b != 0 && c != 0) {
            String way = b > 0 ? c > 0 ? "cclock_flip" : "clock" : c > 0 ? "cclock" : "clock_flip";
            steps.add(new Step("transpose", "dir=" + way));
        } else if (b == 0 && c == 0) {
            if (a < 0) {
                steps.add(new Step("hflip", null));
            }
            if (d < 0) {
                steps.add(new Step("vflip", null));
            }
        }
        return steps;
    }

    /** The size of a picture after it was turned. */
    Size turned(Size size) {
        boolean aside = !steps.isEmpty() && steps.getFirst().name().equals("transpose");
        return aside ? new Size(size.height(), size.width()) : size;
    }

    /** The picture turned, which the caller then owns; the one given is freed, unless it is the same. */
    AVFrame turn(AVFrame frame) {
        av_frame_remove_side_data(frame, AV_FRAME_DATA_DISPLAYMATRIX);
        if (steps.isEmpty()) {
            return frame;
        }
        Form form = Form.of(frame);
        if (filters == null || !filters.form().equals(form)) {
            close();
            filters = new PictureFilters(form, steps);
        }
        AVFrame turned = filters.filter(frame);
        av_frame_free(frame);
        return turned;
    }

    @Override
    public void close() {
        if (filters != null) {
            filters.close();
            filters = null;
        }
    }
}

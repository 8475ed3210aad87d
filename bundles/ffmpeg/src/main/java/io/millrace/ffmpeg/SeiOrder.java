package io.millrace.ffmpeg;

import java.util.ArrayList;
import java.util.List;

/** Supplemental information of H.264 belongs before the picture it is about; some cameras send it after. */
final class SeiOrder {

    /** Five minutes at 60 frames a second, each in 25 pieces; a stream with more is left as it is. */
    private static final int MOST_NALS = 450_000;

    private static final int SEI = 6;
    private static final int DELIMITER = 9;

    private SeiOrder() {}

    private record Nal(int start, int end, int type) {

        boolean picture() {
            return type >= 1 && type <= 5;
        }
    }

    /**
     * Moves them within each access unit.
     *
     * @param es the elementary stream
     * @param units where in it each presentation unit of the container begins, ascending
     * @return the same array when there is nothing to move
     */
    static byte[] mend(byte[] es, List<Integer> units) {
        List<Nal> nals = nals(es);
        boolean delimited = nals.stream().anyMatch(nal -> nal.type == DELIMITER);
        byte[] result = es;
        int from = 0;
        int unit = 0;
        for (int i = 1; i <= nals.size(); i++) {
            boolean boundary = i == nals.size() || nals.get(i).type == DELIMITER;
            if (!delimited && i < nals.size()) {
                while (unit < units.size() && units.get(unit) <= nals.get(i - 1).start) {
                    unit++;
                }
                boundary = unit < units.size() && units.get(unit) <= nals.get(i).start;
            }
            if (boundary) {
                List<Nal> access = nals.subList(from, i);
                if (misplaced(access)) {
                    result = result == es ? es.clone() : result;
                    reorder(es, result, access);
                }
                from = i;
            }
        }
        return result;
    }

    private static boolean misplaced(List<Nal> access) {
        boolean picture = false;
        for (Nal nal : access) {
            if (picture && nal.type == SEI) {
                return true;
            }
            picture |= nal.picture();
        }
        return false;
    }

    private static void reorder(byte[] es, byte[] result, List<Nal> access) {
        List<Nal> before = new ArrayList<>();
        List<Nal> after = new ArrayList<>();
        for (Nal nal : access) {
            boolean early = nal.type == SEI || after.isEmpty() && !nal.picture();
            (early ? before : after).add(nal);
        }
        int at = access.getFirst().start;
        before.addAll(after);
        for (Nal nal : before) {
            System.arraycopy(es, nal.start, result, at, nal.end - nal.start);
            at += nal.end - nal.start;
        }
    }

    private static List<Nal> nals(byte[] es) {
        List<Nal> nals = new ArrayList<>();
        int start = -1;
        int type = 0;
        for (int i = 0; i + 3 < es.length && nals.size() < MOST_NALS; i++) {
            if (es[i + 2] > 1 || es[i + 2] < 0) {
                i += 2;
            } else if (es[i] == 0 && es[i + 1] == 0 && es[i + 2] == 1) {
                int begin = i > 0 && es[i - 1] == 0 ? i - 1 : i;
                if (start >= 0) {
                    nals.add(new Nal(start, begin, type));
                }
                start = begin;
                type = es[i + 3] & 0x1f;
                i += 2;
            }
        }
        if (nals.size() == MOST_NALS) {
            return List.of();
        }
        if (start >= 0) {
            nals.add(new Nal(start, es.length, type));
        }
        return nals;
    }
}

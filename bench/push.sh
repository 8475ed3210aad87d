#!/usr/bin/env bash
# What a gateway takes for each pushed segment of 2 s, beside go-livepeer's, in one run on this machine.
#
#   GO_LIVEPEER=/path/to/livepeer bench/push.sh [SEGMENTS]
#
# Both gateways send SEGMENTS (1000 unless said; a multiple of 4) in four streams to one Millrace orchestrator, which makes
# one tiny rendition, so that the codec has next to nothing to do. Printed are the processor time of the gateway process
# for each segment, at first and once it is warm, its memory at the end, and the ratio of ours to theirs. Without
# GO_LIVEPEER only ours is measured. Nothing else should run meanwhile.
set -euo pipefail

here=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
millrace="$here/distribution/target/millrace/bin/millrace"
segment="$here/bundles/testkit/src/main/resources/io/millrace/testkit/sample-0.ts"
segments=${1:-1000}
work=$(mktemp -d)
pids=()

finish() {
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

[ -x "$millrace" ] || { echo "Build first: ./millrace build" >&2; exit 2; }

# The address is asked until it answers.
await() {
    for _ in $(seq 300); do
        if curl -sf -o /dev/null -m 2 "$1"; then
            return
        fi
        sleep 0.2
    done
    echo "$1 does not answer: $(tail -n 3 "$work"/*.log)" >&2
    exit 1
}

# Milliseconds of processor time that a process took so far.
processor() {
    awk -v tick="$(getconf CLK_TCK)" '{ print ($14 + $15) * 1000 / tick }' "/proc/$1/stat"
}

# A range of numbers of one gateway's segments, a quarter of them in each stream.
push() {
    local port=$1 from=$2 to=$3 stream number pid sent=()
    for stream in 1 2 3 4; do
        for ((number = from / 4; number < to / 4; number++)); do
            printf 'next\nsilent\nshow-error\nfail\nupload-file = "%s"\nheader = "Content-Duration: 2000"\noutput = /dev/null\n' "$segment"
            printf 'url = "http://127.0.0.1:%s/live/bench%s/%s.ts"\n' "$port" "$stream" "$number"
        done | tail -n +2 >"$work/push-$stream"
        curl -K "$work/push-$stream" &
        sent+=($!)
    done
    for pid in "${sent[@]}"; do
        wait "$pid"
    done
}

# Sets name_first, name_warm and name_memory.
measure() {
    local name=$1 pid=$2 port=$3 begin warm end
    begin=$(processor "$pid")
    push "$port" 0 100
    warm=$(processor "$pid")
    printf -v "${name}_first" %s "$(awk -v a="$begin" -v b="$warm" 'BEGIN { print (b - a) / 100 }')"
    push "$port" 100 300
    warm=$(processor "$pid")
    push "$port" 300 "$segments"
    end=$(processor "$pid")
    printf -v "${name}_warm" %s "$(awk -v a="$warm" -v b="$end" -v n=$((segments - 300)) 'BEGIN { print (b - a) / n }')"
    printf -v "${name}_memory" %s "$(awk '/^VmRSS/ { print $2 / 1024 }' "/proc/$pid/status")"
}

"$millrace" run orchestrator --data "$work/orchestrator" --set io.millrace.http~service.address=127.0.0.1:18935 \
    --set io.millrace.http~admin.address=127.0.0.1:17935 >"$work/orchestrator.log" 2>&1 &
pids+=($!)
await http://127.0.0.1:17935/health/ready

echo '[{"name":"tiny","width":64,"height":36,"bitrate":50000,"fps":1}]' >"$work/profiles.json"
"$millrace" livepeer -gateway -orchAddr 127.0.0.1:18935 -httpAddr 127.0.0.1:19935 -rtmpAddr 127.0.0.1:11935 \
    -cliAddr 127.0.0.1:15935 -transcodingOptions "$work/profiles.json" -dataDir "$work/gateway" >"$work/gateway.log" 2>&1 &
pids+=($!)
await http://127.0.0.1:15935/health/ready
measure ours "${pids[1]}" 19935
kill "${pids[1]}" && wait "${pids[1]}" || true

printf '%-44s %10s %12s %8s\n' "" Millrace go-livepeer ratio
line() {
    awk -v what="$1" -v a="$2" -v b="${3:-0}" 'BEGIN {
        if (b > 0) printf "%-44s %10.1f %12.1f %8.2f\n", what, a, b, a / b; else printf "%-44s %10.1f\n", what, a }'
}
if [ -n "${GO_LIVEPEER:-}" ]; then
    "$GO_LIVEPEER" -gateway -orchAddr 127.0.0.1:18935 -httpAddr 127.0.0.1:29935 -rtmpAddr 127.0.0.1:21935 \
        -cliAddr 127.0.0.1:25935 -transcodingOptions "$work/profiles.json" -datadir "$work/go" >"$work/go.log" 2>&1 &
    pids+=($!)
    await http://127.0.0.1:25935/status
    measure theirs "${pids[2]}" 29935
fi
line "processor ms per segment, of the first 100" "$ours_first" "${theirs_first:-}"
line "processor ms per segment, after 300" "$ours_warm" "${theirs_warm:-}"
line "resident MB after $segments segments" "$ours_memory" "${theirs_memory:-}"

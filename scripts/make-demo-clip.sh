#!/usr/bin/env bash
# Makes the demo clip (an HLS VOD of our own making) from ffmpeg's test sources.
#
#   scripts/make-demo-clip.sh [OUTPUT_DIR]        default: workers/origin/media/demo
#
# Two aligned renditions, H.264 and AAC in fragmented MP4 (what a browser's Media Source takes as it is; and names
# ending in .ts would be taken for TypeScript by every tool of this repository), closed groups of pictures that start on segment borders,
# so that a player can switch between renditions at every segment. Encoders run on one thread and with bit-exact
# flags: the same ffmpeg gives the same bytes again. The result is committed, nothing at run time needs ffmpeg.
set -euo pipefail

SECONDS_TOTAL=12
SEGMENT_SECONDS=2
FRAMES_PER_SECOND=25
BYTES_MAX=1500000
readonly SECONDS_TOTAL SEGMENT_SECONDS FRAMES_PER_SECOND BYTES_MAX

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
output="${1:-$root/workers/origin/media/demo}"

for tool in ffmpeg ffprobe; do
    command -v "$tool" >/dev/null || { echo "$tool is needed to make the clip: install the package ffmpeg" >&2; exit 1; }
done

# drawtext is left out of some builds; without it the counters of testsrc2 still show that the picture moves.
filters="$(ffmpeg -hide_banner -filters 2>/dev/null)"
label() {
    if [[ $filters == *' drawtext '* ]]; then
        printf ",drawtext=text='OCM demo %s':fontsize=%s:fontcolor=white:box=1:boxborderw=6:boxcolor=black@0.6:x=(w-tw)/2:y=h-2*th" "$1" "$2"
    fi
}

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
gop=$((FRAMES_PER_SECOND * SEGMENT_SECONDS))

ffmpeg -hide_banner -loglevel error -nostdin -threads 1 -filter_threads 1 -filter_complex_threads 1 \
    -f lavfi -i "testsrc2=size=640x360:rate=$FRAMES_PER_SECOND:duration=$SECONDS_TOTAL" \
    -f lavfi -i "sine=frequency=440:beep_factor=2:sample_rate=48000:duration=$SECONDS_TOTAL" \
    -filter_complex "[0:v]split=2[large][half];[large]null$(label 360p 22)[v360];[half]scale=320:180:flags=bitexact$(label 180p 14)[v180];[1:a]volume=0.25,asplit=2[a360][a180]" \
    -map '[v360]' -map '[a360]' -map '[v180]' -map '[a180]' \
    -map_metadata -1 -fflags +bitexact -flags:v +bitexact+cgop -flags:a +bitexact \
    -c:v libx264 -preset veryslow -profile:v main -pix_fmt yuv420p -threads 1 \
    -g "$gop" -keyint_min "$gop" -sc_threshold 0 \
    -b:v:0 600k -maxrate:v:0 660k -bufsize:v:0 600k \
    -b:v:1 200k -maxrate:v:1 220k -bufsize:v:1 200k \
    -c:a aac -ac 1 -b:a:0 48k -b:a:1 32k \
    -f hls -hls_time "$SEGMENT_SECONDS" -hls_playlist_type vod -hls_flags independent_segments \
    -hls_segment_type fmp4 -hls_fmp4_init_filename init.mp4 -hls_segment_filename "$work/%v/segment-%03d.m4s" \
    -master_pl_name master.m3u8 -var_stream_map 'v:0,a:0,name:360p v:1,a:1,name:180p' \
    "$work/%v/playlist.m3u8"

bytes=$(find "$work" -type f -printf '%s\n' | awk '{ n += $1 } END { print n }')
if [ "$bytes" -gt "$BYTES_MAX" ]; then
    echo "the clip has $bytes bytes, more than the $BYTES_MAX that the repository should carry: lower the bit rates" >&2
    exit 1
fi

# The muxer estimates BANDWIDTH from the encoder settings; RFC 8216 4.3.4.2 wants the peak segment bit rate as sent,
# container included. Every segment lasts SEGMENT_SECONDS (checked here).
for rendition in 360p 180p; do
    mv "$work/$rendition"/init_*.mp4 "$work/$rendition/init.mp4" # the muxer appends the stream's index
    sed -i 's/URI="init_[0-9]*\.mp4"/URI="init.mp4"/' "$work/$rendition/playlist.m3u8"
    ffprobe -v error "$work/$rendition/playlist.m3u8"
    grep '^#EXTINF:' "$work/$rendition/playlist.m3u8" | awk -F '[:,]' -v want="$SEGMENT_SECONDS" '
        $2 + 0 != want { print "segment of " $2 " s instead of " want " s" > "/dev/stderr"; exit 1 }'
    rates=$(find "$work/$rendition" -name '*.m4s' -printf '%s\n' | awk -v secs="$SEGMENT_SECONDS" '
        { total += $1; count++; if ($1 > peak) peak = $1 }
        END { printf "BANDWIDTH=%d,AVERAGE-BANDWIDTH=%d,FRAME-RATE=", peak * 8 / secs, total * 8 / (count * secs) }')
    awk -v rates="$rates$FRAMES_PER_SECOND.000" -v uri="$rendition/playlist.m3u8" '
        /^#EXT-X-STREAM-INF:/ { held = $0; next }
        $0 == uri { sub(/BANDWIDTH=[0-9]+/, rates, held) }
        held != "" { print held; held = "" }
        { print }' "$work/master.m3u8" >"$work/master.next"
    mv "$work/master.next" "$work/master.m3u8"
done

rm -rf "$output"
mkdir -p "$output"
cp -R "$work/." "$output/"
find "$output" -type d -exec chmod 755 {} +
find "$output" -type f -exec chmod 644 {} +
echo "wrote $bytes bytes to $output"
(cd "$output" && find . -type f | LC_ALL=C sort | xargs sha256sum)

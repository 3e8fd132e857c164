import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Of the stream, as of `live-origin.mjs`. */
export const SEGMENT_SECS = 2;
/** Of the smallest; the bit rates below say as much. */
export const SEGMENT_BYTES = 90_000;
const SEGMENTS = 60;
const FRAMES_PER_SEC = 10;

/** Real pictures and sound, so that a real player has something to play. */
export async function makeSegments(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const keyframes = FRAMES_PER_SEC * SEGMENT_SECS;
    const source = `-f lavfi -i testsrc2=size=160x90:rate=${FRAMES_PER_SEC} -f lavfi -i sine=frequency=440`;
    const video = `-c:v libx264 -preset ultrafast -b:v 300k -g ${keyframes} -keyint_min ${keyframes} -sc_threshold 0`;
    const hls = `-f hls -hls_time ${SEGMENT_SECS} -hls_segment_type fmp4 -hls_fmp4_init_filename init.mp4 -hls_list_size 0`;
    const args = `${source} -t ${SEGMENTS * SEGMENT_SECS} ${video} -c:a aac -b:a 64k ${hls}`.split(' ');
    const names = ['-hls_segment_filename', join(folder, 'seg-%d.m4s'), join(folder, 'all.m3u8')];
    await promisify(execFile)('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...args, ...names]);
}

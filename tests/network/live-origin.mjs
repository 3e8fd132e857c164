// An origin with one live HLS stream made of the segments of a folder, one after the other by the clock, and a page with hls.js.
// node live-origin.mjs HOST PORT FOLDER PLAYER_SCRIPT; GET /counts tells how often each
// object was asked for, by who asked.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';

const SEGMENT_SECS = 2;
const WINDOW = 5;
const [host, port, folder, player] = process.argv.slice(2);
/** The stream begins when somebody asks for it. */
let startedAt = null;
const counts = {};

const page = `<!doctype html><meta charset="utf-8"><video muted playsinline></video><script src="/player.js"></script>`;

/** The newest segment has just been finished. */
function playlist() {
    startedAt ??= Date.now();
    const newest = Math.floor((Date.now() - startedAt) / 1000 / SEGMENT_SECS) + WINDOW;
    const first = newest - WINDOW + 1;
    const lines = [
        '#EXTM3U',
        '#EXT-X-VERSION:7',
        `#EXT-X-TARGETDURATION:${SEGMENT_SECS}`,
        `#EXT-X-MEDIA-SEQUENCE:${first}`,
    ];
    lines.push('#EXT-X-MAP:URI="init.mp4"');
    for (let number = first; number <= newest; number += 1)
        lines.push(`#EXTINF:${SEGMENT_SECS}.0,`, `seg-${number}.m4s`);
    return `${lines.join('\n')}\n`;
}

createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://origin');
    const send = (type, body, cacheControl) =>
        response
            .writeHead(200, {
                'content-type': type,
                'cache-control': cacheControl,
                // Whom no RELAY can take is led here from the router: to the browser that is another site's answer.
                'access-control-allow-origin': '*',
                'content-length': Buffer.byteLength(body),
            })
            .end(body);
    if (pathname === '/counts') return send('application/json', JSON.stringify(counts), 'no-store');
    if (pathname === '/player') return send('text/html', page, 'no-store');
    if (pathname === '/player.js') return send('text/javascript', readFileSync(player), 'no-store');
    const asker = request.socket.remoteAddress;
    counts[asker] = { ...counts[asker], [pathname]: (counts[asker]?.[pathname] ?? 0) + 1 };
    if (pathname === '/live/index.m3u8') return send('application/vnd.apple.mpegurl', playlist(), 'max-age=1');
    const name = /^\/live\/((?:init|seg-[0-9]+)\.(?:mp4|m4s))$/.exec(pathname)?.[1];
    try {
        return send('video/mp4', readFileSync(join(folder, name ?? '')), 'max-age=600');
    } catch {
        return response.writeHead(404, { 'cache-control': 'max-age=1' }).end();
    }
}).listen(Number(port), host, () => process.stdout.write('listening\n'));

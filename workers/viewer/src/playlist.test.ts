import { describe, expect, it } from 'vitest';
import { MAX_PLAYLIST_BYTES, parsePlaylist, resolveUri } from './playlist.js';

const URL_OF_PLAYLIST = 'http://127.0.0.1:8080/demo/360p/playlist.m3u8';
const parse = (text: string) => parsePlaylist(new TextEncoder().encode(text), URL_OF_PLAYLIST);
const media = (lines: string[], end = '#EXT-X-ENDLIST') =>
    ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-TARGETDURATION:2', ...lines, end].join('\n');
const codeOf = (run: () => unknown) => {
    try {
        run();
    } catch (error) {
        return (error as { code?: string }).code;
    }
    return undefined;
};

describe('a playlist', () => {
    it('lists variants by rising bandwidth', () => {
        const master = [
            '#EXTM3U',
            '#EXT-X-STREAM-INF:BANDWIDTH=900',
            'high.m3u8',
            '#EXT-X-STREAM-INF:BANDWIDTH=100',
            'low.m3u8',
        ];
        expect(parse(master.join('\n'))).toEqual({
            kind: 'master',
            variants: [
                { uri: 'low.m3u8', bandwidth: 100 },
                { uri: 'high.m3u8', bandwidth: 900 },
            ],
        });
    });

    it('lists segments with duration and initialisation section', () => {
        const text = media(['#EXT-X-MAP:URI="init.mp4"', '#EXTINF:2.0,', 'a.m4s', '#EXTINF:1.5,', 'b.m4s']);
        expect(parse(text)).toEqual({
            kind: 'media',
            segments: [
                { uri: 'a.m4s', durationSecs: 2, mapUri: 'init.mp4' },
                { uri: 'b.m4s', durationSecs: 1.5, mapUri: 'init.mp4' },
            ],
        });
    });

    it.each([
        ['an HTML page', '<html></html>', 'MKT_VIEWER__PLAYLIST_INVALID'],
        ['an empty file', '', 'MKT_VIEWER__PLAYLIST_INVALID'],
        ['no segment', media([]), 'MKT_VIEWER__PLAYLIST_INVALID'],
        ['a segment longer than its target', media(['#EXTINF:9,', 'a.ts']), 'MKT_VIEWER__PLAYLIST_INVALID'],
        ['an over-long URI', media(['#EXTINF:2,', 'a'.repeat(3000)]), 'MKT_VIEWER__PLAYLIST_INVALID'],
        ['more than it may hold', `#EXTM3U\n${'#\n'.repeat(MAX_PLAYLIST_BYTES)}`, 'MKT_VIEWER__PLAYLIST_INVALID'],
        ['no end', media(['#EXTINF:2,', 'a.ts'], ''), 'MKT_VIEWER__PLAYLIST_UNSUPPORTED'],
        [
            'encryption',
            media(['#EXT-X-KEY:METHOD=AES-128,URI="k"', '#EXTINF:2,', 'a.ts']),
            'MKT_VIEWER__PLAYLIST_UNSUPPORTED',
        ],
        ['byte ranges', media(['#EXTINF:2,', '#EXT-X-BYTERANGE:100@0', 'a.ts']), 'MKT_VIEWER__PLAYLIST_UNSUPPORTED'],
    ])('is refused with %s', (_, text, code) => {
        expect(codeOf(() => parse(text))).toBe(code);
    });

    it('is refused if it is not UTF-8', () => {
        const bytes = new Uint8Array([0x23, 0x45, 0xff, 0xfe]);
        expect(codeOf(() => parsePlaylist(bytes, URL_OF_PLAYLIST))).toBe('MKT_VIEWER__PLAYLIST_INVALID');
    });
});

describe('a URI of a playlist', () => {
    it('resolves against the playlist', () => {
        expect(resolveUri('a.m4s', URL_OF_PLAYLIST)).toBe('http://127.0.0.1:8080/demo/360p/a.m4s');
        expect(resolveUri('../x?y=1', URL_OF_PLAYLIST)).toBe('http://127.0.0.1:8080/demo/x?y=1');
    });

    it.each([
        'http://169.254.169.254/a',
        '//other.example/a',
        'http://127.0.0.1:8081/a',
        'file:///etc/passwd',
        'http://[',
    ])('is refused if it leads elsewhere: %s', (uri) => {
        expect(codeOf(() => resolveUri(uri, URL_OF_PLAYLIST))).toBe('MKT_VIEWER__FOREIGN_URI');
    });
});

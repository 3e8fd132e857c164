import { failure } from '@ocm/runtime';
import { Parser } from 'm3u8-parser';
import { z } from 'zod';

export const MAX_PLAYLIST_BYTES = 1024 * 1024;
const MAX_VARIANTS = 64;
const MAX_SEGMENTS = 10_000;
/** RFC 8216 4.3.3.1: a duration rounded to the nearest integer must not exceed the target duration. */
const DURATION_ROUNDING_SECS = 0.5;

const uri = z.string().min(1).max(2048);
export const variant = z.object({ uri: z.string().max(2048), bandwidth: z.number().nonnegative() });
export type Variant = z.infer<typeof variant>;
export const mediaSegment = z.object({
    uri,
    durationSecs: z.number().positive().max(3600),
    /** The initialisation section (EXT-X-MAP) of fragmented MP4; null for MPEG-2 TS. */
    mapUri: uri.nullable(),
});
export type MediaSegment = z.infer<typeof mediaSegment>;

export type Playlist = { kind: 'master'; variants: Variant[] } | { kind: 'media'; segments: MediaSegment[] };

/**
 * Reads an HLS playlist (RFC 8216): a master, variants by rising bandwidth, or a finished media playlist.
 * @throws MKT_VIEWER__PLAYLIST_INVALID, MKT_VIEWER__PLAYLIST_UNSUPPORTED naming what this player does not do.
 */
export function parsePlaylist(body: Uint8Array, url: string): Playlist {
    const text = decodeText(body, url);
    const parser = new Parser();
    parser.push(text);
    parser.end();
    const { manifest } = parser;
    if ((manifest.playlists?.length ?? 0) > 0) {
        if (Object.values(manifest.mediaGroups?.AUDIO ?? {}).some((group) => Object.values(group).some((a) => a.uri)))
            throw unsupported(url, 'separate audio renditions (EXT-X-MEDIA)');
        const variants = (manifest.playlists ?? []).map((item) => ({
            uri: item.uri,
            bandwidth: item.attributes?.BANDWIDTH ?? 0,
        }));
        const parsed = z.array(variant.extend({ uri })).max(MAX_VARIANTS).safeParse(variants);
        if (!parsed.success) throw invalid(url, 'a variant without URI or bandwidth, or too many of them');
        return { kind: 'master', variants: parsed.data.sort((a, b) => a.bandwidth - b.bandwidth) };
    }
    return { kind: 'media', segments: readSegments(manifest, url) };
}

function readSegments(manifest: Parser['manifest'], url: string): MediaSegment[] {
    if (manifest.endList !== true) throw unsupported(url, 'live playlists (no EXT-X-ENDLIST)');
    const segments = manifest.segments.map((segment) => {
        if (segment.key !== undefined) throw unsupported(url, 'encryption (EXT-X-KEY)');
        if (segment.byterange !== undefined || segment.map?.byterange !== undefined)
            throw unsupported(url, 'byte ranges (EXT-X-BYTERANGE)');
        return { uri: segment.uri, durationSecs: segment.duration, mapUri: segment.map?.uri ?? null };
    });
    const parsed = z.array(mediaSegment).min(1).max(MAX_SEGMENTS).safeParse(segments);
    if (!parsed.success) throw invalid(url, `no segments, more than ${MAX_SEGMENTS}, or one without URI or duration`);
    const target = manifest.targetDuration ?? 0;
    if (parsed.data.some(({ durationSecs }) => durationSecs > target + DURATION_ROUNDING_SECS))
        throw invalid(url, `a segment lasts longer than EXT-X-TARGETDURATION:${target}`);
    return parsed.data;
}

/**
 * Resolves a URI of a playlist. Another origin is refused: the node would not be the one that delivers, and a hostile
 * playlist could point the player at any host of its network.
 * @throws MKT_VIEWER__FOREIGN_URI
 */
export function resolveUri(uriOfObject: string, baseUrl: string): string {
    const base = new URL(baseUrl);
    const resolved = URL.canParse(uriOfObject, baseUrl) ? new URL(uriOfObject, baseUrl) : null;
    if (resolved !== null && resolved.origin === base.origin) return resolved.href;
    throw failure(
        'MKT_VIEWER__FOREIGN_URI',
        `playlist at ${baseUrl} names ${uriOfObject.slice(0, 200)} on another host`,
        {
            baseUrl,
        },
    );
}

function decodeText(body: Uint8Array, url: string): string {
    let text: string;
    try {
        text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    } catch {
        throw invalid(url, 'it is not UTF-8');
    }
    if (body.byteLength > MAX_PLAYLIST_BYTES) throw invalid(url, `it is larger than ${MAX_PLAYLIST_BYTES} bytes`);
    if (!text.startsWith('#EXTM3U')) throw invalid(url, 'it does not start with #EXTM3U');
    return text;
}

function invalid(url: string, reason: string): Error {
    return failure('MKT_VIEWER__PLAYLIST_INVALID', `${url} is not a playable playlist: ${reason}`, { url });
}

function unsupported(url: string, feature: string): Error {
    return failure('MKT_VIEWER__PLAYLIST_UNSUPPORTED', `${url} uses ${feature}, which this player does not play`, {
        url,
    });
}

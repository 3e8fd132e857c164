import { extname } from 'node:path';

/** The general tables name rarer types, which some players refuse (`.m4s` as video/iso.segment). */
const CONTENT_TYPES: Readonly<Record<string, string>> = {
    '.m3u8': 'application/vnd.apple.mpegurl',
    '.mpd': 'application/dash+xml',
    '.ts': 'video/mp2t',
    '.mp4': 'video/mp4',
    '.m4s': 'video/mp4',
    '.m4a': 'audio/mp4',
    '.aac': 'audio/aac',
    '.vtt': 'text/vtt; charset=utf-8',
};

const PLAYLIST_EXTENSIONS = new Set(['.m3u8', '.mpd']);
/** A playlist may change under the same name; a segment never does. */
const PLAYLIST_CACHE_CONTROL = 'public, max-age=10';
const SEGMENT_CACHE_CONTROL = 'public, max-age=31536000, immutable';
const OTHER_CACHE_CONTROL = 'public, max-age=60';

/** Content type and caching of a media file by its name; files that are no media keep the type that was guessed. */
export function computeMediaHeaders(path: string): { contentType: string | undefined; cacheControl: string } {
    const extension = extname(path).toLowerCase();
    const contentType = CONTENT_TYPES[extension];
    if (contentType === undefined) return { contentType, cacheControl: OTHER_CACHE_CONTROL };
    const isPlaylist = PLAYLIST_EXTENSIONS.has(extension);
    return { contentType, cacheControl: isPlaylist ? PLAYLIST_CACHE_CONTROL : SEGMENT_CACHE_CONTROL };
}

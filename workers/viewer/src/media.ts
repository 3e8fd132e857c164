import { failure } from '@ocm/runtime';

const TS_PACKET_BYTES = 188;
const TS_SYNC_BYTE = 0x47;
const BOX_HEADER_BYTES = 8;
const LARGE_BOX_HEADER_BYTES = 16;
const MAX_BOXES = 100_000;

export type MediaKind = 'init' | 'segment';

/**
 * Checks that bytes are whole media and not an error page or a cut-off file: MPEG-2 TS by packet length and sync bytes
 * (ISO 13818-1), fragmented MP4 by walking its boxes (ISO 14496-12). It does not decode.
 * @throws MKT_VIEWER__MEDIA_IMPLAUSIBLE
 */
export function assertPlausibleMedia(body: Uint8Array, kind: MediaKind, url: string): void {
    const reason = body[0] === TS_SYNC_BYTE ? findTsFault(body, kind) : findMp4Fault(body, kind);
    if (reason !== undefined)
        throw failure('MKT_VIEWER__MEDIA_IMPLAUSIBLE', `${url} is not a whole media ${kind}: ${reason}`, { url });
}

function findTsFault(body: Uint8Array, kind: MediaKind): string | undefined {
    if (kind === 'init') return 'MPEG-2 TS has no initialisation section';
    if (body.byteLength % TS_PACKET_BYTES !== 0) return `${body.byteLength} bytes are no multiple of 188`;
    for (let offset = 0; offset < body.byteLength; offset += TS_PACKET_BYTES)
        if (body[offset] !== TS_SYNC_BYTE) return `no sync byte at ${offset}`;
    return undefined;
}

function findMp4Fault(body: Uint8Array, kind: MediaKind): string | undefined {
    const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
    const types = new Set<string>();
    let offset = 0;
    for (let boxes = 0; offset < body.byteLength; boxes += 1) {
        if (boxes >= MAX_BOXES || offset + BOX_HEADER_BYTES > body.byteLength) return `no box at ${offset}`;
        const type = String.fromCharCode(...body.subarray(offset + 4, offset + 8));
        const length = boxLength(view, offset);
        if (length === undefined || offset + length > body.byteLength) return `box at ${offset} ends beyond the file`;
        types.add(type);
        offset += length;
    }
    const needed = kind === 'init' ? ['ftyp', 'moov'] : ['moof', 'mdat'];
    const missing = needed.filter((type) => !types.has(type));
    return missing.length === 0 ? undefined : `no ${missing.join(', ')} box`;
}

/** Size 1 means a 64-bit length follows the type, size 0 means up to the end of the file. */
function boxLength(view: DataView, offset: number): number | undefined {
    const size = view.getUint32(offset);
    if (size === 0) return view.byteLength - offset;
    if (size >= BOX_HEADER_BYTES) return size;
    if (size !== 1 || offset + LARGE_BOX_HEADER_BYTES > view.byteLength) return undefined;
    const large = view.getBigUint64(offset + BOX_HEADER_BYTES);
    return large >= LARGE_BOX_HEADER_BYTES && large <= Number.MAX_SAFE_INTEGER ? Number(large) : undefined;
}

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assertPlausibleMedia, type MediaKind } from './media.js';

function box(type: string, payloadBytes: number, size = payloadBytes + 8): Uint8Array {
    const bytes = new Uint8Array(8 + payloadBytes);
    new DataView(bytes.buffer).setUint32(0, size);
    bytes.set(new TextEncoder().encode(type), 4);
    return bytes;
}
const join = (...parts: Uint8Array[]) => Uint8Array.from(parts.flatMap((part) => [...part]));
const packets = (count: number) => {
    const bytes = new Uint8Array(188 * count);
    for (let index = 0; index < count; index += 1) bytes[188 * index] = 0x47;
    return bytes;
};
const accepts = (body: Uint8Array, kind: MediaKind) => {
    try {
        assertPlausibleMedia(body, kind, 'http://node/a');
        return true;
    } catch (error) {
        expect(error).toMatchObject({ code: 'MKT_VIEWER__MEDIA_IMPLAUSIBLE' });
        return false;
    }
};
const SEGMENT = join(box('styp', 16), box('moof', 40), box('mdat', 100));

describe('media', () => {
    it('is accepted as fragmented MP4 and as MPEG-2 TS', () => {
        expect(accepts(SEGMENT, 'segment')).toBe(true);
        expect(accepts(join(box('ftyp', 8), box('moov', 30)), 'init')).toBe(true);
        expect(accepts(packets(3), 'segment')).toBe(true);
        expect(accepts(join(box('moof', 8), box('mdat', 20, 0)), 'segment')).toBe(true);
    });

    it('is refused if any part of its end is missing', () => {
        for (let length = 0; length < SEGMENT.length; length += 1)
            expect(accepts(SEGMENT.slice(0, length), 'segment')).toBe(false);
        expect(accepts(packets(3).slice(0, 500), 'segment')).toBe(false);
    });

    it('is refused as the wrong kind, with a lost sync byte, or as an error page', () => {
        expect(accepts(SEGMENT, 'init')).toBe(false);
        expect(accepts(packets(1), 'init')).toBe(false);
        const broken = packets(3);
        broken[188] = 0;
        expect(accepts(broken, 'segment')).toBe(false);
        expect(accepts(new TextEncoder().encode('<html>502 Bad Gateway</html>'), 'segment')).toBe(false);
    });

    it('never makes the check throw anything else or run away', () => {
        fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), (body) => void accepts(body, 'segment')));
        expect(accepts(join(box('moof', 8, 1), box('mdat', 8)), 'segment')).toBe(false);
    });
});

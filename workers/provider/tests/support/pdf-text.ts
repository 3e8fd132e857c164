import { inflateSync } from 'node:zlib';

/**
 * The text of a PDF as a reader finds it: glyphs of each page's content through the fonts' ToUnicode maps. Enough for
 * files of pdfkit, and independent of it.
 */
export function readPdfText(file: Uint8Array): string[] {
    const raw = Buffer.from(file).toString('latin1');
    const objects = new Map(
        [...raw.matchAll(/(?:^|\n)(\d+) 0 obj\n([\s\S]*?)\nendobj/g)].map(([, number, body]) => [
            Number(number),
            body ?? '',
        ]),
    );
    const streamOf = (number: number): string => {
        const body = objects.get(number) ?? '';
        const start = body.indexOf('stream\n') + 'stream\n'.length;
        const data = Buffer.from(body.slice(start, body.lastIndexOf('\nendstream')), 'latin1');
        return (body.includes('/FlateDecode') ? inflateSync(data) : data).toString('latin1');
    };
    const fonts = new Map<string, Map<string, string>>();
    for (const [, name, number] of raw.matchAll(/\/(F\d+) (\d+) 0 R/g)) {
        const toUnicode = /\/ToUnicode (\d+) 0 R/.exec(objects.get(Number(number)) ?? '')?.[1];
        if (name !== undefined && toUnicode !== undefined) fonts.set(name, readMap(streamOf(Number(toUnicode))));
    }
    return [...objects.values()]
        .filter((body) => /\/Type \/Page\n/.test(body))
        .map((body) => readContent(streamOf(Number(/\/Contents (\d+) 0 R/.exec(body)?.[1])), fonts));
}

function readMap(cmap: string): Map<string, string> {
    const map = new Map<string, string>();
    for (const [, first, , texts] of cmap.matchAll(/<([0-9a-f]{4})> <([0-9a-f]{4})> \[([^\]]*)\]/g)) {
        for (const [place, [, hex]] of [...(texts ?? '').matchAll(/<([0-9a-f ]+)>/g)].entries()) {
            const glyph = (Number.parseInt(first ?? '', 16) + place).toString(16).padStart(4, '0');
            const units = (hex ?? '').replaceAll(' ', '').match(/.{4}/g) ?? [];
            map.set(glyph, String.fromCharCode(...units.map((unit) => Number.parseInt(unit, 16))));
        }
    }
    return map;
}

function readContent(content: string, fonts: ReadonlyMap<string, ReadonlyMap<string, string>>): string {
    let font: ReadonlyMap<string, string> | undefined;
    let text = '';
    for (const [, name, shown] of content.matchAll(/\/(F\d+) [\d.]+ Tf|\[([^\]]*)\] TJ/g)) {
        if (name !== undefined) font = fonts.get(name);
        for (const [, hex] of (shown ?? '').matchAll(/<([0-9a-f]+)>/g))
            for (const glyph of hex?.match(/.{4}/g) ?? []) text += font?.get(glyph) ?? '\uFFFD';
        if (shown !== undefined) text += '\n';
    }
    return text;
}

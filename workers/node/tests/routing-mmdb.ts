import { parsePrefixBits } from '../src/routing/prefix-bits.js';

type Value = string | number | readonly Value[] | { readonly [key: string]: Value };

/** A value as MaxMind's DB format 2.0 has it: text, 32-bit number, list or map. */
function encode(value: Value): Buffer {
    const control = (kind: number, size: number): Buffer => {
        const [head, rest] = size > 28 ? [29, [size - 29]] : [size, []];
        return kind > 7 ? Buffer.of(head, kind - 7, ...rest) : Buffer.of((kind << 5) | head, ...rest);
    };
    if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
    if (typeof value === 'number') {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(value);
        return Buffer.concat([control(6, 4), bytes]);
    }
    if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
    const fields = Object.entries(value as Record<string, Value>);
    return Buffer.concat([control(7, fields.length), ...fields.flatMap(([key, one]) => [encode(key), encode(one)])]);
}

type Side = number | { data: number } | null;

/** An mmdb file of both families with a record for each prefix; longer ones come after those around them. */
export function mmdbOf(records: Record<string, Value>, type = 'Test', builtAtSecs = 1_790_000_000): Buffer {
    const nodes: [Side, Side][] = [[null, null]];
    const data: Buffer[] = [];
    let dataBytes = 0;
    for (const [cidr, record] of Object.entries(records)) {
        const { bits, length } = parsePrefixBits(cidr) ?? { bits: null, length: 0 };
        if (bits === null) throw new Error(`no prefix: ${cidr}`);
        const own = [...bits.words].map((word) => (word >>> 0).toString(2).padStart(32, '0')).join('');
        const path = [...(bits.family === 4 ? '0'.repeat(96) : ''), ...own.slice(0, length)].map(Number) as (0 | 1)[];
        let at = 0;
        for (const bit of path.slice(0, -1)) {
            const next = nodes[at]![bit];
            if (typeof next === 'number') at = next;
            else {
                // What covered both halves covers each of them.
                nodes.push([next, next]);
                nodes[at]![bit] = nodes.length - 1;
                at = nodes.length - 1;
            }
        }
        nodes[at]![path.at(-1) ?? 0] = { data: dataBytes };
        data.push(encode(record));
        dataBytes += data.at(-1)?.length ?? 0;
    }
    return assemble(nodes, data, type, builtAtSecs);
}

function assemble(nodes: readonly [Side, Side][], data: readonly Buffer[], type: string, builtAtSecs: number): Buffer {
    const tree = Buffer.alloc(nodes.length * 8);
    const record = (side: Side): number =>
        side === null ? nodes.length : typeof side === 'number' ? side : nodes.length + 16 + side.data;
    for (const [i, [left, right]] of nodes.entries()) {
        tree.writeUInt32BE(record(left), 8 * i);
        tree.writeUInt32BE(record(right), 8 * i + 4);
    }
    const metadata = encode({
        binary_format_major_version: 2,
        binary_format_minor_version: 0,
        build_epoch: builtAtSecs,
        database_type: type,
        description: { en: 'made by a test' },
        ip_version: 6,
        languages: ['en'],
        node_count: nodes.length,
        record_size: 32,
    });
    const marker = Buffer.concat([Buffer.of(0xab, 0xcd, 0xef), Buffer.from('MaxMind.com')]);
    return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, metadata]);
}

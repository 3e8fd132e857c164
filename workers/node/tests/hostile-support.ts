import type { TLSSocket } from 'node:tls';
import type { TestCertificate } from './tls-support.js';
import { connectTls } from './tls-support.js';

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
export const [DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, CONTINUATION] = [0, 1, 3, 4, 6, 7, 9];
export const END_STREAM = 1;
export const END_HEADERS = 4;

export function frame(type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)): Buffer {
    const head = Buffer.alloc(9);
    head.writeUIntBE(payload.length, 0, 3);
    head[3] = type;
    head[4] = flags;
    head.writeUInt32BE(stream, 5);
    return Buffer.concat([head, payload]);
}
/** HPACK (RFC 7541 6.2.2): a field that is not indexed, without Huffman. */
export function field(name: string, value: string): Buffer {
    const text = (part: string): Buffer => {
        const bytes = Buffer.from(part, 'latin1');
        if (bytes.length < 127) return Buffer.concat([Buffer.from([bytes.length]), bytes]);
        const rest: number[] = [127];
        let left = bytes.length - 127;
        for (; left >= 128; left >>= 7) rest.push((left & 127) | 128);
        return Buffer.concat([Buffer.from([...rest, left]), bytes]);
    };
    return Buffer.concat([Buffer.from([0]), text(name), text(value)]);
}
export const requestHeaders = (path: string, extra: [string, string][] = [], method = 'GET'): Buffer =>
    Buffer.concat([
        field(':method', method),
        field(':scheme', 'https'),
        field(':path', path),
        ...(extra.some(([name]) => name === ':authority') ? [] : [field(':authority', 'localhost')]),
        ...extra.map(([name, value]) => field(name, value)),
    ]);

/** An HTTP/2 peer that says what it likes. */
export class RawPeer {
    readonly socket: TLSSocket;
    readonly frames: { type: number; flags: number; stream: number; payload: Buffer }[] = [];
    isClosed = false;
    #rest = Buffer.alloc(0);

    private constructor(socket: TLSSocket) {
        this.socket = socket;
        socket.on('error', () => undefined);
        socket.on('close', () => {
            this.isClosed = true;
        });
        socket.on('data', (chunk: Buffer) => this.#read(chunk));
        socket.write(PREFACE);
        socket.write(frame(SETTINGS ?? 4, 0, 0));
    }

    static async connect(base: string, { cert }: TestCertificate): Promise<RawPeer> {
        return new RawPeer(await connectTls(base, { ca: cert, ALPNProtocols: ['h2'] }));
    }

    send(...frames: Buffer[]): boolean {
        return !this.isClosed && this.socket.write(Buffer.concat(frames));
    }

    /** Error code of the last GOAWAY; null if none came. */
    get goAwayCode(): number | null {
        const last = this.frames.filter(({ type }) => type === GOAWAY).at(-1);
        return last === undefined ? null : last.payload.readUInt32BE(4);
    }

    #read(chunk: Buffer): void {
        this.#rest = Buffer.concat([this.#rest, chunk]);
        while (this.#rest.length >= 9) {
            const length = this.#rest.readUIntBE(0, 3);
            if (this.#rest.length < 9 + length) return;
            const [type = 0, flags = 0] = [this.#rest[3], this.#rest[4]];
            const stream = this.#rest.readUInt32BE(5);
            this.frames.push({ type, flags, stream, payload: this.#rest.subarray(9, 9 + length) });
            this.#rest = this.#rest.subarray(9 + length);
        }
    }
}

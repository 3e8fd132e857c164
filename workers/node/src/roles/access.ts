import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { RequestProblem } from '../http/problem.js';

export interface AccessOptions {
    operatorSecret: string;
    /** SHA-256 (hex) of the tokens that open one contract's logs. */
    readTokens: readonly { contract: string; tokenSha256: string }[];
}

/** Who may see what of the logs, by bearer (RFC 6750). */
export class Access {
    readonly #secretDigest: Buffer;
    readonly #readers: readonly { contract: string; digest: Buffer }[];

    constructor({ operatorSecret, readTokens }: AccessOptions) {
        this.#secretDigest = digestOf(operatorSecret);
        this.#readers = readTokens.map(({ contract, tokenSha256 }) => ({
            contract,
            digest: Buffer.from(tokenSha256, 'hex'),
        }));
    }

    /** @throws RequestProblem 401 */
    requireOperator(request: IncomingMessage): void {
        if (timingSafeEqual(bearerDigest(request), this.#secretDigest)) return;
        throw new RequestProblem(401, 'MKT_NODE__OPERATOR_ONLY', 'This path needs the bearer secret of the operator.');
    }

    /** The contracts whose logs the bearer may read; `all` for the operator. @throws RequestProblem 401 */
    readableContracts(request: IncomingMessage): 'all' | ReadonlySet<string> {
        const digest = bearerDigest(request);
        if (timingSafeEqual(digest, this.#secretDigest)) return 'all';
        // Digests are compared, all of them: neither content nor length of a token shows in the time taken.
        const matching = this.#readers.filter((reader) => timingSafeEqual(digest, reader.digest));
        if (matching.length > 0) return new Set(matching.map(({ contract }) => contract));
        throw new RequestProblem(
            401,
            'MKT_NODE__READER_ONLY',
            'This path needs the bearer secret of the operator, or a token for the logs of a contract.',
        );
    }
}

const digestOf = (text: string): Buffer => createHash('sha256').update(text).digest();

function bearerDigest(request: IncomingMessage): Buffer {
    return digestOf(/^Bearer (.{1,512})$/i.exec(request.headers.authorization ?? '')?.[1] ?? '');
}

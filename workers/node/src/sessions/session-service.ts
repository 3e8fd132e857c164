import type { OpenSessionRequest, OpenSessionResponse, ReceiptResponse, SignedReceipt } from '@ocm/sdk/http';
import { RequestProblem } from '../http/problem.js';
import type { EpochStore } from '../log/epoch-store.js';
import type { Clock, ProtocolClock, TopologyPort } from '../ports.js';
import type { NodeView, TopologyView } from '../topology/view.js';
import { admit } from './admit.js';
import { decodeReceiptOrRefuse, judgeReceipt } from './receipts.js';
import type { Session } from './session.js';

export interface SessionServiceOptions {
    /** Base58 address of this node. */
    node: string;
    store: EpochStore;
    topology: TopologyPort;
    clock: ProtocolClock;
    now: Clock;
}

/** Opens sessions, takes receipts, and says whether a session may have more. */
export class SessionService {
    readonly #options: SessionServiceOptions;

    constructor(options: SessionServiceOptions) {
        this.#options = options;
    }

    async open(request: OpenSessionRequest): Promise<OpenSessionResponse> {
        const { store, clock, now } = this.#options;
        const times = { protocolMs: clock.nowMs(), localMs: now() };
        const { token, hash, contract, closesAtMs } = admit({ request, ...this.#knowledge(), ...times });
        const session =
            store.findSession(hash)?.session ??
            (await store.addSession({ contract: contract.address, epoch: token.epoch, closesAtMs }, hash, {
                type: 'session',
                token: request.token,
                tokenSignature: request.tokenSignature,
                openedAtMs: times.localMs,
            }));
        await session.serially(() => this.#acceptProof(session, request.timestampMs));
        const held = session.highest;
        return {
            session: hash,
            creditBytes: this.creditBytes().toString(),
            receipt: held?.entry.receipt ?? null,
            receiptSignature: held?.entry.receiptSignature ?? null,
        };
    }

    /** Acknowledged only when the receipt is on disk. */
    async acceptReceipt(signed: SignedReceipt): Promise<ReceiptResponse> {
        const { receipt, session: hash } = decodeReceiptOrRefuse(signed);
        const found = this.#options.store.findSession(hash);
        if (found === undefined) throw unknownSession();
        const { session, journal } = found;
        return session.serially(async () => {
            if (judgeReceipt(session, signed, receipt) === 'next') {
                const { receipt: body, receiptSignature } = signed;
                if (!(await journal.append({ type: 'receipt', receipt: body, receiptSignature }))) {
                    throw new RequestProblem(409, 'MKT_NODE__EPOCH_CLOSED', 'The epoch of the receipt is closed.');
                }
            }
            return { seq: receipt.seq, bytes: receipt.bytes.toString() };
        });
    }

    /**
     * The session that a request names, if it may have an object now.
     * @throws RequestProblem 400/401 unknown, expired; 402 `MKT_NODE__CREDIT_EXHAUSTED`, `MKT_NODE__TOKEN_EXHAUSTED`
     */
    admitRequest(header: string | string[] | undefined): Session | null {
        if (header === undefined) return null;
        if (typeof header !== 'string' || !/^[0-9a-f]{64}$/.test(header)) {
            throw new RequestProblem(400, 'MKT_NODE__SESSION_MALFORMED', 'ocm-session must be 64 hexadecimal digits.');
        }
        const { store } = this.#options;
        // What could not be recorded would never be paid: the next session or receipt that can be written ends this.
        if (store.storageProblem !== null) throw store.storageProblem;
        const session = store.findSession(header)?.session;
        if (session === undefined) throw unknownSession();
        if (this.#options.clock.nowMs() >= session.token.notAfterSecs * 1000) {
            throw new RequestProblem(
                401,
                'MKT_NODE__SESSION_EXPIRED',
                'The token has expired; get a new one and open a session.',
            );
        }
        if (session.isExhausted) {
            throw new RequestProblem(
                402,
                'MKT_NODE__TOKEN_EXHAUSTED',
                'The bytes of the token are used up; get a new one.',
            );
        }
        if (session.isOutOfCredit(this.creditBytes())) throw creditExhausted(session);
        return session;
    }

    /**
     * Called before each slice of a response, which it counts: waits for a receipt once the credit is used. Nothing may come
     * between the last look and the count, or all requests of a session that wake at once would pass by the same credit.
     * @throws RequestProblem 402
     */
    async hand(session: Session, bytes: number, signal: AbortSignal): Promise<void> {
        const credit = this.creditBytes();
        while (!session.isExhausted && session.isOutOfCredit(credit)) {
            if (!(await session.waitForCredit(credit, signal)) || signal.aborted) throw creditExhausted(session);
        }
        if (session.isExhausted) {
            throw new RequestProblem(402, 'MKT_NODE__TOKEN_EXHAUSTED', 'The bytes of the token are used up.');
        }
        session.hand(bytes);
    }

    creditBytes(): bigint {
        return BigInt(this.#options.topology.current()?.params.creditBytes ?? '0');
    }

    async #acceptProof(session: Session, timestampMs: number): Promise<void> {
        if (timestampMs <= session.lastProofMs) {
            throw new RequestProblem(
                409,
                'MKT_NODE__PROOF_REPLAYED',
                'This or a later proof was used already; sign the current time.',
            );
        }
        const journal = this.#options.store.findSession(session.hash)?.journal;
        await journal?.append({ type: 'proof', session: session.hash, timestampMs });
    }

    #knowledge(): { view: TopologyView; self: NodeView } {
        const view = this.#options.topology.current();
        if (view === null) {
            throw new RequestProblem(503, 'MKT_NODE__CHAIN_UNKNOWN', 'This node has not read the chain yet; retry.');
        }
        const self = view.nodes.find(({ address }) => address === this.#options.node);
        if (self === undefined) {
            throw new RequestProblem(503, 'MKT_NODE__NOT_REGISTERED', 'This node is not registered on chain.');
        }
        return { view, self };
    }
}

const unknownSession = (): RequestProblem =>
    new RequestProblem(401, 'MKT_NODE__SESSION_UNKNOWN', 'No such session here; open one with a token for this node.');

const creditExhausted = (session: Session): RequestProblem =>
    new RequestProblem(402, 'MKT_NODE__CREDIT_EXHAUSTED', 'Too much was sent without a receipt; send one to go on.', {
        sentBytes: session.handedBytes.toString(),
        receiptedBytes: session.receiptedBytes.toString(),
    });

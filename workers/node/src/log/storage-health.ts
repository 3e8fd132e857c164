import { errorCodeOf, isNoRoom } from '@ocm/runtime';
import { RequestProblem } from '../http/problem.js';

/** A disk, a quota or a limit of file sizes without room. */
function isFull(error: unknown): boolean {
    const code = errorCodeOf(error);
    return isNoRoom(error) || code === 'MKT_RUNTIME__JOURNAL_FULL' || code === 'MKT_RUNTIME__NO_ROOM';
}

/**
 * Whether the journals take entries. A node that cannot write what it would be paid for takes no sessions; what it has
 * acknowledged is on disk already. The next entry that is written ends it.
 */
export class StorageHealth {
    #problem: RequestProblem | null = null;

    /** What to answer instead of taking a session; null while all is well. */
    get problem(): RequestProblem | null {
        return this.#problem;
    }

    /** Runs a write and remembers how it went. @throws RequestProblem 503 `MKT_NODE__STORAGE_FULL`, `MKT_NODE__STORAGE_FAILED` */
    async watch<T>(write: () => Promise<T>): Promise<T> {
        try {
            const result = await write();
            this.#problem = null;
            return result;
        } catch (error) {
            if (error instanceof RequestProblem) throw error;
            this.#problem = isFull(error) ? full() : failed();
            this.#problem.cause = error;
            throw this.#problem;
        }
    }
}

const full = (): RequestProblem =>
    new RequestProblem(
        503,
        'MKT_NODE__STORAGE_FULL',
        'This node has no room for its log and takes no sessions; what it acknowledged is kept. Use another node, or retry later.',
    );

const failed = (): RequestProblem =>
    new RequestProblem(
        503,
        'MKT_NODE__STORAGE_FAILED',
        'This node cannot write its log and takes no sessions until its operator has restarted it; use another node.',
    );

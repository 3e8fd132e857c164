/** What an error of any client library tells of a failed transaction. */
export interface TransactionFailure {
    readonly logs: readonly string[];
    /** Index of the failed top-level instruction and its custom code. */
    readonly instruction?: { readonly index: number; readonly code: number };
}

/** An error wraps its cause, a JSON-RPC error its data, a simulation its value; deeper nesting is no error of ours. */
const MAX_DEPTH = 6;
const NESTED = ['data', 'value', 'meta', 'context', 'transactionError', 'cause', 'err', 'error'] as const;

function read(source: object, key: string): unknown {
    try {
        return Reflect.get(source, key);
    } catch {
        // Some errors have getters that throw until their logs were fetched.
        return undefined;
    }
}

function findLogs(source: object): readonly string[] | undefined {
    for (const key of ['logs', 'transactionLogs', 'logMessages']) {
        const logs = read(source, key);
        if (Array.isArray(logs) && logs.length > 0 && logs.every((line) => typeof line === 'string')) return logs;
    }
    return undefined;
}

/** The index and code of `{ InstructionError: [index, { Custom: code }] }`, the JSON form of a transaction error. */
function findInstructionError(source: object): TransactionFailure['instruction'] {
    const pair = read(source, 'InstructionError');
    if (!Array.isArray(pair)) return undefined;
    const [index, detail] = pair as unknown[];
    const code = typeof detail === 'object' && detail !== null ? read(detail, 'Custom') : undefined;
    if (!Number.isSafeInteger(index) || !Number.isSafeInteger(code)) return undefined;
    return { index: index as number, code: code as number };
}

function* walk(error: unknown, depth = 0): Generator<object> {
    if (typeof error !== 'object' || error === null || depth > MAX_DEPTH) return;
    yield error;
    for (const key of NESTED) yield* walk(read(error, key), depth + 1);
}

/** Looks through an error, its causes and its payloads for logs and for the failed instruction. */
export function extractFailure(error: unknown): TransactionFailure {
    let logs: readonly string[] | undefined;
    let instruction: TransactionFailure['instruction'];
    for (const source of walk(error)) {
        logs ??= findLogs(source);
        instruction ??= findInstructionError(source);
        if (logs && instruction) break;
    }
    return { logs: logs ?? [], ...(instruction ? { instruction } : {}) };
}

import type { UpstreamRequest, UpstreamResponse } from '../cache/upstream.js';
import { isFailure, type Parent } from './parent.js';

export interface HedgeInput {
    request: UpstreamRequest;
    first: Parent;
    second: Parent;
    /** Patience with the first. */
    afterMs: number;
    /** Called when the patience is over. */
    mayHedge: () => boolean;
}
interface Try {
    stop: AbortController;
    answer: Promise<{ by: Try; response: UpstreamResponse }>;
}

/** An answer that another parent may better, as a rejection: `Promise.any` must go on waiting for the other. */
class FailedAnswer extends Error {
    constructor(readonly response: UpstreamResponse) {
        super('the parent answered that it failed');
    }
}

/**
 * A second parent is asked when the first takes long; the first good answer counts and the other try is cut off (Dean and
 * Barroso, The Tail at Scale, CACM 2013).
 */
export async function askHedged(input: HedgeInput): Promise<UpstreamResponse> {
    const { request, first, second, afterMs, mayHedge } = input;
    const one = start(first, request);
    const tries = [one];
    try {
        const isLate = await isLateAfter(one, afterMs);
        if (isLate && mayHedge()) tries.push(start(second, request));
        const { by, response } = await Promise.any(tries.map(({ answer }) => answer));
        for (const other of tries) if (other !== by) other.stop.abort();
        return response;
    } catch (error) {
        const causes: unknown[] = error instanceof AggregateError ? error.errors : [error];
        // An answer, even a bad one, tells the viewer more than a broken connection does.
        const [answered, ...others] = causes.filter((cause) => cause instanceof FailedAnswer);
        if (answered === undefined) throw causes[0];
        // Nobody reads those: until they are closed they hold a connection and count as load.
        for (const { response } of others) response.body.destroy();
        return answered.response;
    }
}

function start(parent: Parent, request: UpstreamRequest): Try {
    const stop = new AbortController();
    const signal = request.signal === undefined ? stop.signal : AbortSignal.any([request.signal, stop.signal]);
    const run = async (): Promise<{ by: Try; response: UpstreamResponse }> => {
        const response = await parent.ask({ ...request, signal });
        if (isFailure(response, request)) throw new FailedAnswer(response);
        return { by: started, response };
    };
    const started: Try = { stop, answer: run() };
    // Who lost is cut off, and nobody waits for how that ended.
    started.answer.catch(() => undefined);
    return started;
}

async function isLateAfter({ answer }: Try, afterMs: number): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<boolean>((resolve) => {
        timer = setTimeout(() => resolve(true), afterMs);
    });
    const inTime = answer.then(
        () => false,
        () => false,
    );
    const isLate = await Promise.race([inTime, late]);
    clearTimeout(timer);
    return isLate;
}

import { pipeline, Transform } from 'node:stream';
import type { Upstream, UpstreamResponse } from '../cache/upstream.js';
import { RequestProblem } from '../http/problem.js';
import type { LineGuard, PauseReason } from './line-guard.js';

const WHY: Record<PauseReason, string> = {
    'data-cap': 'the month of its line is used up',
    'quiet-hours': 'its owner keeps the line free at this hour',
    metered: 'its line is metered',
};

/**
 * The parent as a node at home may use it: every byte is counted, and while the line is not to be used a miss leads the viewer
 * to traditional delivery. What is stored is served all the same, as it costs the line nothing.
 */
export function guardUpstream(upstream: Upstream, guard: LineGuard, traditionalUrl: string | null): Upstream {
    return {
        host: upstream.host,
        urlOf: (path) => upstream.urlOf(path),
        close: () => upstream.close(),
        async fetch(request) {
            const reason = guard.pauseReason();
            if (reason !== null) throw refusal(reason, traditionalUrl, request.path);
            const response = await upstream.fetch(request);
            return { ...response, body: counted(response, guard) };
        },
    };
}

function refusal(reason: PauseReason, traditionalUrl: string | null, path: string): RequestProblem {
    const message = `This node fetches nothing now: ${WHY[reason]}.`;
    return traditionalUrl === null
        ? new RequestProblem(503, 'MKT_NODE__BEACON_PAUSED', message, { reason })
        : new RequestProblem(307, 'MKT_NODE__BEACON_PAUSED', message, { reason, location: `${traditionalUrl}${path}` });
}

function counted({ body }: UpstreamResponse, guard: LineGuard): Transform {
    const meter = new Transform({
        transform(chunk: Buffer, _, done) {
            guard.count(chunk.length);
            done(null, chunk);
        },
    });
    // Whoever reads sees the error; here it has only to be passed on.
    pipeline(body, meter, () => undefined);
    return meter;
}

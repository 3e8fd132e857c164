import { setTimeout as sleep } from 'node:timers/promises';
import { NODE_HEADER } from '@ocm/sdk/http';
import { HttpClient } from '@ocm/viewer';
import type { History } from './history.js';
import type { Random } from './random.js';
import type { SessionTally } from './session-tally.js';
import { ViewerSession } from './viewer-session.js';

/** Before the end of its token a viewer fetches nothing more, so that the last receipt still arrives. */
const LAST_FETCH_MS = 3_500;
const RETRY_MS = 120;
const ANSWER_MS = 4_000;
const MOST_OBJECTS = 40;
const LONGEST_LOOK_MS = 120;

export type ViewerInput = {
    name: string;
    address: string;
    routerUrl: string;
    providerUrl: string;
    objects: ReadonlyMap<string, Buffer>;
    random: Random;
    history: History;
    nowMs: () => number;
    tallies: SessionTally[];
    signal: AbortSignal;
};
type Relay = { node: string; nodeUrl: string };

/** Watches until it is told to stop: session after session, each object compared with the origin's, each receipt kept. */
export async function watchStream(input: ViewerInput): Promise<void> {
    const http = new HttpClient({ localAddress: input.address });
    let relay: Relay | undefined;
    while (!input.signal.aborted) {
        try {
            // A viewer stays where it is; now and then it begins anew at the router.
            if (relay === undefined || input.random.onceIn(4)) relay = await locate(http, input);
            await watchOnce(http, relay, input);
        } catch {
            await sleep(RETRY_MS);
        }
    }
    await http.close();
}

async function locate(http: HttpClient, { routerUrl, objects, random }: ViewerInput): Promise<Relay> {
    const url = new URL(random.pick([...objects.keys()]), routerUrl).href;
    const { headers } = await http.send({ url, signal: AbortSignal.timeout(ANSWER_MS) });
    const [node, location] = [headers[NODE_HEADER], headers.location];
    if (typeof node !== 'string' || typeof location !== 'string') throw new Error('the router names no node');
    return { node, nodeUrl: new URL(location).origin };
}

async function watchOnce(http: HttpClient, relay: Relay, input: ViewerInput): Promise<void> {
    const { name: viewer, random, objects, nowMs, providerUrl, history, tallies, signal } = input;
    const complain = (what: string) => history.violated(`${viewer}: ${what}`);
    const session = await ViewerSession.begin({ http, viewer, ...relay, providerUrl, nowMs, complain });
    tallies.push(session.tally);
    const isOver = () => signal.aborted || nowMs() > session.endsAtMs - LAST_FETCH_MS;
    for (let left = random.between(1, MOST_OBJECTS); left > 0 && !isOver(); left -= 1) {
        const [path, body] = random.pick([...objects]);
        await insist(session, () => session.fetchObject(path, body), isOver);
        if (random.onceIn(3)) await insist(session, () => session.acknowledge(), isOver);
        if (random.onceIn(4)) await session.copy().catch(() => undefined);
        await sleep(random.between(0, LONGEST_LOOK_MS));
    }
    await insist(
        session,
        () => session.acknowledge(),
        () => session.isAcknowledged || nowMs() > session.endsAtMs,
    );
    session.tally.endedAtMs = nowMs();
    if (nowMs() < session.endsAtMs) await session.copy().catch(() => undefined);
}

/** Again until it succeeds or it is too late: nodes fall and come back. */
async function insist(session: ViewerSession, run: () => Promise<void>, isOver: () => boolean): Promise<void> {
    while (!isOver()) {
        try {
            return await run();
        } catch {
            session.doubt();
            await sleep(RETRY_MS);
        }
    }
}

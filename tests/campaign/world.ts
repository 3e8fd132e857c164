import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SimulatedCluster } from '@ocm/cluster';
import { findFreePort } from '@ocm/runtime';
import type { History } from './history.js';
import { type CampaignMarket, openCampaignMarket, type Terms } from './market.js';
import type { Random } from './random.js';
import { startRpcFront } from './rpc-front.js';
import { startSlowOrigin } from './slow-origin.js';
import { Trouble } from './trouble.js';
import { WorkerProcess } from './worker-process.js';
import { describeWorkers, PORTS } from './workers.js';

const OBJECTS = 250;
const OBJECT_BYTES = { least: 200, most: 60_000 };

export type World = {
    folder: string;
    chain: CampaignMarket;
    trouble: Trouble;
    history: History;
    /** What the origin has, by path. */
    objects: ReadonlyMap<string, Buffer>;
    ports: Record<string, number>;
    processes: readonly WorkerProcess[];
    /** Ends all processes without manners, and the folder if it is of no further use. */
    dispose(options: { keepFolder: boolean }): Promise<void>;
};

/** Everything that stands in a round: chain, origin and all workers as processes, each with an RPC of its own in front. */
export async function createWorld(input: { random: Random; history: History; terms: Terms }): Promise<World> {
    const { random, history } = input;
    const folder = await mkdtemp(join(tmpdir(), 'ocm-campaign-'));
    history.writeTo(join(folder, 'history.log'));
    const firstPort = await findFreePort(PORTS.length);
    const ports = Object.fromEntries(PORTS.map((name, place) => [name, firstPort + place]));
    const objects = await writeObjects(join(folder, 'media'), random);
    const chain = await openCampaignMarket((name) => ports[name] ?? 0, input.terms);
    const trouble = new Trouble();
    const origin = await startSlowOrigin(`http://127.0.0.1:${ports.origin}`, trouble);
    const closers: (() => Promise<void>)[] = [origin.close];
    const processes: WorkerProcess[] = [];
    const place = { folder, clockMs: chain.clockMs, history };
    for (const spec of await describeWorkers({ folder, chain, ports, originUrl: origin.url })) {
        const front = await startRpcFront(chain.market.cluster as SimulatedCluster, {
            onRequest: () => {
                worker.emit('request');
                return trouble.rpc;
            },
            onSend: () => worker.onTransaction?.before() ?? 'pass',
            onSent: () => worker.onTransaction?.after(),
        });
        closers.push(front.close);
        const config = spec.worker === 'origin' ? spec.config : { rpcUrl: front.url, ...spec.config };
        const worker = new WorkerProcess({ ...spec, config }, place);
        processes.push(worker);
    }
    for (const worker of processes) worker.start();
    return {
        folder,
        chain,
        trouble,
        history,
        objects,
        ports,
        processes,
        async dispose({ keepFolder }) {
            await Promise.all(processes.map((worker) => worker.kill()));
            for (const worker of processes) await worker.stop();
            for (const close of closers) await close();
            await chain.market.cluster.close();
            if (!keepFolder) await rm(folder, { recursive: true, force: true });
        },
    };
}

async function writeObjects(folder: string, { between }: Random): Promise<Map<string, Buffer>> {
    await mkdir(folder);
    const objects = new Map<string, Buffer>();
    for (let place = 0; place < OBJECTS; place += 1) {
        const body = Buffer.alloc(between(OBJECT_BYTES.least, OBJECT_BYTES.most));
        for (let at = 0; at < body.length; at += 1) body[at] = (at * (place + 1) + (at >> 8)) & 0xff;
        await writeFile(join(folder, `${place}.m4s`), body);
        objects.set(`/${place}.m4s`, body);
    }
    return objects;
}

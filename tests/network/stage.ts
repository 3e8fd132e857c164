import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { detailedExplanation, EXPLAIN_PATH, STATUS_PATH } from '@ocm/sdk/http';
import { ask } from './ask.js';
import { addressOf, PORT, viewOf } from './chain-view.js';
import { type Host, Network } from './hosts.js';
import type { OriginCounts } from './origin-counts.js';
import { makeSegments } from './segments.js';
import { StageNode, untilTold } from './stage-node.js';
import { until } from './until.js';

const CACHE_PORT = 4_001;
/** The second owns most of the stream, so that its death is felt with one of the next segments. */
const SHIELD_WEIGHTS: Record<string, number> = { 'cast 0': 1, 'cast 1': 3 };
/** Of these one is led to each of two RELAYs, but for one case in half a million. */
const VIEWER_NUMBERS = Array.from({ length: 20 }, (_, index) => 21 + index);
const require = createRequire(import.meta.url);

export interface Stage {
    /** At first each is led to a RELAY of its own; later they go where there is more room, or where a RELAY is left. */
    viewers: readonly [Host, Host];
    relays: readonly [StageNode, StageNode];
    /** They shield the origin together; the first leads the viewers, too. */
    casts: readonly [StageNode, StageNode];
    /** The stream as viewers ask for it: at the router. */
    streamUrl: string;
    playerUrl: string;
    /** Where the router leads a viewer now. */
    ledTo(viewer: Host): Promise<StageNode | undefined>;
    /** Resolves when the router leads viewers to a RELAY. */
    untilLedTo(relay: StageNode): Promise<void>;
    /** Sent to viewers since its start. */
    servedBytes(relay: StageNode): Promise<number>;
    /** Asks the cache of a CAST for objects, as a RELAY would that has none of them. */
    askCache(cast: StageNode, paths: readonly string[]): Promise<void>;
    originCounts(): Promise<OriginCounts>;
    close(): Promise<void>;
}

/** One operator's two CASTs and two RELAYs, an origin and two viewers, each a host of its own; what viewers hear is lossy. */
export async function openStage(lossPerThousand: number): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'ocm-network-'));
    const network = new Network();
    const close = async (): Promise<void> => {
        await network.close();
        await rm(folder, { recursive: true, force: true });
    };
    try {
        await network.open();
        const origin = await openOrigin(network, folder);
        const nodes = await openNodes(network, origin, folder);
        return { ...(await openViewers(network, origin, nodes, lossPerThousand)), close };
    } catch (error) {
        await close();
        throw error;
    }
}

async function openOrigin(network: Network, folder: string): Promise<Host> {
    const origin = await network.addHost(1);
    const media = join(folder, 'media');
    await makeSegments(media);
    const live = fileURLToPath(new URL('live-origin.mjs', import.meta.url));
    const player = require.resolve('hls.js/dist/hls.min.js');
    await untilTold(origin.start(process.execPath, [live, origin.ip, '80', media, player]), 'listening');
    return origin;
}

const cacheOf = (ip: string): string => `http://${ip}:${CACHE_PORT}`;

type Nodes = Pick<Stage, 'casts' | 'relays'>;
async function openNodes(network: Network, origin: Host, folder: string): Promise<Nodes> {
    const place = (name: string, role: 'cast' | 'relay', number: number) => ({
        name,
        role,
        number,
        ip: network.ipOf(number),
    });
    const casts = [place('cast 0', 'cast', 2), place('cast 1', 'cast', 3)] as const;
    const relays = [place('relay 0', 'relay', 11), place('relay 1', 'relay', 12)] as const;
    const parentUrl = `http://${origin.ip}`;
    const parents = casts.map(({ name, ip }) => ({
        url: cacheOf(ip),
        node: addressOf(name),
        weight: SHIELD_WEIGHTS[name],
    }));
    const common = {
        folder,
        view: viewOf([...casts, ...relays], network.prefix),
        parentUrl,
        parentTiers: [{ name: 'shield', parents }],
        // One that is back is asked again within two seconds, not after a minute.
        parentPolicy: { detainAfterFailures: 1, detainMaxMs: 2_000 },
    };
    const open = async ({ name, role, number, ip }: ReturnType<typeof place>): Promise<StageNode> => {
        const ofCast = {
            traditionalUrl: parentUrl,
            // The CAST serves playlists itself and leads whoever asks for a segment.
            manifests: 'serve',
            healthIntervalMs: 500,
            cacheListen: { host: ip, port: CACHE_PORT },
        };
        const host = await network.addHost(number);
        return StageNode.open(name, host, { ...common, role, ...(role === 'cast' ? ofCast : {}) });
    };
    const [castA, castB, relayA, relayB] = await Promise.all([
        open(casts[0]),
        open(casts[1]),
        open(relays[0]),
        open(relays[1]),
    ]);
    return { casts: [castA, castB], relays: [relayA, relayB] };
}

async function openViewers(
    network: Network,
    origin: Host,
    { casts, relays }: Nodes,
    lossPerThousand: number,
): Promise<Omit<Stage, 'close'>> {
    const router = `http://${casts[0].host.ip}:${PORT}`;
    /** Where the router leads the viewers that there might be; it is asked, as that costs no viewer. */
    const ledTo = async (ips: readonly string[]): Promise<(StageNode | undefined)[]> => {
        const urls = ips.map((ip) => `${router}${EXPLAIN_PATH}?ip=${ip}&path=/live/init.mp4`);
        const nodes = (await ask(origin, urls)).map((body) =>
            body === '' ? null : detailedExplanation.parse(JSON.parse(body)).node,
        );
        return nodes.map((node) => relays.find(({ name }) => addressOf(name) === node));
    };
    const ips = VIEWER_NUMBERS.map((number) => network.ipOf(number));
    /** The router knows a RELAY some probes after it has started; until then it leads nobody there. */
    const untilLedTo = (wanted: readonly StageNode[]) =>
        until(
            async () => {
                const led = await ledTo(ips);
                return wanted.every((relay) => led.includes(relay)) ? led : undefined;
            },
            () =>
                `the router leads some of ${ips.length} viewers to ${wanted.map(({ name }) => name).join(', some to ')}`,
        );
    const led = await untilLedTo(relays);
    const openViewer = async (relay: StageNode): Promise<Host> => {
        const viewer = await network.addHost(VIEWER_NUMBERS[led.indexOf(relay)] ?? 0);
        await viewer.lose(lossPerThousand);
        return viewer;
    };
    const viewers = await Promise.all([openViewer(relays[0]), openViewer(relays[1])]);
    return {
        viewers,
        relays,
        casts,
        streamUrl: `${router}/live/index.m3u8`,
        playerUrl: `http://${origin.ip}/player`,
        ledTo: async ({ ip }) => (await ledTo([ip]))[0],
        untilLedTo: async (relay) => void (await untilLedTo([relay])),
        servedBytes: async ({ host }) => {
            const [body = ''] = await ask(origin, [`http://${host.ip}:${PORT}${STATUS_PATH}`]);
            return body === '' ? 0 : Number((JSON.parse(body) as { servedBytes: string }).servedBytes);
        },
        askCache: async ({ host }, paths) => {
            await ask(
                origin,
                paths.map((path) => cacheOf(host.ip) + path),
            );
        },
        originCounts: async () => {
            const [body = ''] = await ask(origin, [`http://${origin.ip}/counts`]);
            return JSON.parse(body) as OriginCounts;
        },
    };
}

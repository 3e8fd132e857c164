import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { TopologyView } from '@ocm/node';
import { type Host, Network } from './hosts.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NODE_MAIN = join(ROOT, 'workers', 'node', 'dist', 'main.js');
const PORT = 4_000;
const CACHE_PORT = 4_001;
const SEGMENTS = 60;
const require = createRequire(import.meta.url);

export interface Stage {
    viewers: Host[];
    relays: { host: Host; node: string; kill(): void }[];
    /** The stream as viewers ask for it: at the router. */
    streamUrl: string;
    playerUrl: string;
    /** How often the CAST has asked the origin for each object. */
    originCounts(): Promise<Record<string, number>>;
    close(): Promise<void>;
}

/** One operator's CAST and two RELAYs, an origin and two viewers, each a host of its own; what viewers hear is lossy. */
export async function openStage(lossPerThousand: number): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'ocm-network-'));
    const network = new Network();
    try {
        await network.open();
        const [origin, cast, one, two, ...viewers] = await Promise.all(
            [1, 2, 11, 12, 21, 22].map((number) => network.addHost(number)),
        );
        if (!origin || !cast || !one || !two) throw new Error('a stage needs four hosts of its own');
        await makeSegments(join(folder, 'media'));
        const player = require.resolve('hls.js/dist/hls.min.js');
        const live = fileURLToPath(new URL('live-origin.mjs', import.meta.url));
        await untilTold(
            origin.start(process.execPath, [live, origin.ip, '80', join(folder, 'media'), player]),
            'listening',
        );
        const view = viewOf(cast.ip, [one.ip, two.ip]);
        const parentUrl = `http://${origin.ip}`;
        await startNode(cast, folder, view, {
            role: 'cast',
            node: nameOf('cast'),
            parentUrl,
            traditionalUrl: parentUrl,
            manifests: 'serve',
            healthIntervalMs: 500,
            cacheListen: { host: cast.ip, port: CACHE_PORT },
        });
        const relays = await Promise.all(
            [one, two].map(async (host, index) => {
                const node = nameOf(`relay ${index}`);
                const parent = `http://${cast.ip}:${CACHE_PORT}`;
                const child = await startNode(host, folder, view, { role: 'relay', node, parentUrl: parent });
                return { host, node, kill: () => void child.kill('SIGKILL') };
            }),
        );
        // The CAST serves playlists itself and leads whoever asks for a segment.
        const router = `http://${cast.ip}:${PORT}`;
        await untilLed(origin, `${router}/live/init.mp4`, [one.ip, two.ip]);
        for (const viewer of viewers) await viewer.lose(lossPerThousand);
        return {
            viewers,
            relays,
            streamUrl: `${router}/live/index.m3u8`,
            playerUrl: `${parentUrl}/player`,
            originCounts: async () => {
                const counts = JSON.parse((await ask(origin, `${parentUrl}/counts`)).body);
                // Viewers whom no RELAY can take are led to the origin itself; that is traditional delivery, not a miss.
                return (counts as Record<string, Record<string, number>>)[cast.ip] ?? {};
            },
            close: async () => {
                await network.close();
                await rm(folder, { recursive: true, force: true });
            },
        };
    } catch (error) {
        await network.close();
        await rm(folder, { recursive: true, force: true });
        throw error;
    }
}

const ASK = `fetch(process.argv[1], { redirect: 'manual', signal: AbortSignal.timeout(5_000) })
    .then(async (r) => console.log(JSON.stringify({ location: r.headers.get('location'), body: await r.text() })));`;

/** Asks from a host, without following where the answer leads; an empty answer where none comes. */
export async function ask(host: Host, url: string): Promise<{ location: string | null; body: string }> {
    const asked = promisify(execFile)(...host.command(process.execPath, ['-e', ASK, url]));
    const { stdout } = await asked.catch(() => ({ stdout: '' }));
    return stdout === '' ? { location: null, body: '' } : JSON.parse(stdout);
}

/** The router knows its RELAYs some probes after they have started; until then it leads viewers to the origin. */
async function untilLed(host: Host, url: string, ips: readonly string[]): Promise<void> {
    const deadline = Date.now() + 30_000;
    let location: string | null = null;
    while (Date.now() < deadline) {
        ({ location } = await ask(host, url));

        if (location !== null && ips.includes(new URL(location).hostname)) return;
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`the router leads to ${location}, to none of ${ips.join(', ')}, 30 s after they began to serve`);
}

/** Real pictures and sound, so that a real player has something to play. */
async function makeSegments(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true });
    const source = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25', '-f', 'lavfi', '-i', 'sine=frequency=440'];
    const video = [
        '-c:v',
        'libx264',
        '-preset',
        'ultrafast',
        '-b:v',
        '400k',
        '-g',
        '50',
        '-keyint_min',
        '50',
        '-sc_threshold',
        '0',
    ];
    const hls = [
        '-f',
        'hls',
        '-hls_time',
        '2',
        '-hls_segment_type',
        'fmp4',
        '-hls_fmp4_init_filename',
        'init.mp4',
        '-hls_list_size',
        '0',
    ];
    const args = [...source, '-t', String(SEGMENTS * 2), ...video, '-c:a', 'aac', '-b:a', '64k', ...hls];
    const names = ['-hls_segment_filename', join(folder, 'seg-%d.m4s'), join(folder, 'all.m3u8')];
    await promisify(execFile)('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...args, ...names]);
}

async function startNode(
    host: Host,
    folder: string,
    view: TopologyView,
    config: Record<string, unknown> & { role: string; node: string },
) {
    const dataDir = join(folder, config.node);
    await mkdir(dataDir, { recursive: true });
    // What a node knows of the chain survives a restart: with this it serves without a cluster in its network.
    await writeFile(join(dataDir, 'topology.json'), JSON.stringify(view));
    const configPath = join(folder, `${config.node}.json`);
    const listen = { host: host.ip, port: PORT };
    const rest = { rpcUrl: 'http://127.0.0.1:9', operatorSecret: 'a secret of the operator', dataDir, listen };
    await writeFile(configPath, JSON.stringify({ ...rest, ...config }));
    const child = host.start(process.execPath, [NODE_MAIN, '--config', configPath]);
    await untilTold(child, 'node serves');
    return child;
}

function untilTold(child: ReturnType<Host['start']>, text: string): Promise<void> {
    return new Promise((resolve, reject) => {
        let said = '';
        const listen = (chunk: Buffer): void => {
            said = (said + chunk.toString()).slice(-10_000);
            if (said.includes(text)) resolve();
        };
        child.stdout?.on('data', listen);
        child.stderr?.on('data', listen);
        child.once('exit', (code) => reject(new Error(`ended with ${code} before it said "${text}":\n${said}`)));
    });
}

/** A name as an address: 44 characters of the base58 alphabet. */
function nameOf(name: string): string {
    const alphabet = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
    const bytes = [...createHash('sha256').update(name).digest(), ...createHash('sha256').update(`${name}.`).digest()];
    return bytes
        .slice(0, 44)
        .map((byte) => alphabet[byte % 58])
        .join('');
}
const hexOf = (name: string): string => createHash('sha256').update(name).digest('hex');

function viewOf(castIp: string, relayIps: readonly string[]): TopologyView {
    const nowSecs = Math.floor(Date.now() / 1_000);
    const participant = nameOf('operator');
    const nodeOf = (name: string, role: 'cast' | 'relay', ip: string) => ({
        address: nameOf(name),
        addressHex: hexOf(name),
        participant,
        role,
        endpoints: [{ ip, port: PORT }],
        isActive: true,
        spkiHex: null,
    });
    const claims = relayIps.map((_, index) => nameOf(`claim ${index}`));
    return {
        readAtMs: nowSecs * 1_000,
        clusterTag: 1,
        isDevelopment: true,
        params: { creditBytes: String(8 << 20), maxTokenBytes: String(2 ** 36), tokenGraceSecs: 600 },
        nodes: [nodeOf('cast', 'cast', castIp), ...relayIps.map((ip, index) => nodeOf(`relay ${index}`, 'relay', ip))],
        claims: claims.map((address, index) => ({
            address,
            node: nameOf(`relay ${index}`),
            footprint: { kind: 'ipv4cidr', value: '10.77.0.0/24' },
            validFromSecs: nowSecs - 100,
            validUntilSecs: nowSecs + 100_000,
            isEgress: true,
            isActive: true,
        })),
        contracts: [
            {
                address: nameOf('contract'),
                addressHex: hexOf('contract'),
                seller: participant,
                state: 'active',
                issuers: [],
                genesisSecs: nowSecs - 1,
                epochLengthSecs: 3_600,
                epochCount: 1_000,
                claims,
            },
        ],
    };
}

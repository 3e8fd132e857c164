import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TopologyView } from '@ocm/node';
import { addressOf, PORT } from './chain-view.js';
import type { Host } from './hosts.js';

const NODE_MAIN = fileURLToPath(new URL('../../workers/node/dist/main.js', import.meta.url));
const KEPT_OUTPUT = 20_000;

/** A node on a host of its own, which can be killed and started again on what it has on disk. */
export class StageNode {
    readonly name: string;
    readonly host: Host;
    readonly #dataDir: string;
    readonly #configPath: string;
    #child: ChildProcess | null = null;
    #output = '';

    private constructor(name: string, host: Host, folder: string) {
        this.name = name;
        this.host = host;
        this.#dataDir = join(folder, name);
        this.#configPath = join(folder, `${name}.json`);
    }

    /** @param config beside what all nodes of a stage have */
    static async open(
        name: string,
        host: Host,
        { folder, view, ...config }: { folder: string; view: TopologyView; role: 'cast' | 'relay' } & object,
    ): Promise<StageNode> {
        const node = new StageNode(name, host, folder);
        const dataDir = node.#dataDir;
        await mkdir(dataDir, { recursive: true });
        // What a node knows of the chain survives a restart: with this it serves without a cluster in its network.
        await writeFile(join(dataDir, 'topology.json'), JSON.stringify(view));
        const listen = { host: host.ip, port: PORT };
        const common = { rpcUrl: 'http://127.0.0.1:9', operatorSecret: 'a secret of the operator', dataDir, listen };
        await writeFile(node.#configPath, JSON.stringify({ ...common, ...config, node: addressOf(name) }));
        await node.start();
        return node;
    }

    /** Resolves when it serves. */
    async start(): Promise<void> {
        this.#output = '';
        const child = this.host.start(process.execPath, [NODE_MAIN, '--config', this.#configPath]);
        this.#child = child;
        await untilTold(child, 'node serves', (chunk) => {
            this.#output = (this.#output + chunk).slice(-KEPT_OUTPUT);
        });
    }

    /** At once, with all that is in its memory only; resolves when it is gone. */
    async kill(): Promise<void> {
        const child = this.#child;
        if (child === null) throw new Error(`${this.name} does not run`);
        this.#child = null;
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
    }

    /** Whether its log since its last start has a line with all of these. */
    hasLogged(...parts: readonly string[]): boolean {
        return this.#output.split('\n').some((line) => parts.every((part) => line.includes(part)));
    }

    /** Objects that its cache has in files, whole: what a kill leaves of it. */
    async filedObjects(): Promise<number> {
        const names = await readdir(join(this.#dataDir, 'cache'), { recursive: true });
        return names.filter((name) => /^[0-9a-f]{40}$/.test(name.split('/').at(-1) ?? '')).length;
    }
}

/** Reads what a process says for as long as it lives; resolves when it has said `text`. */
export function untilTold(
    child: ChildProcess,
    text: string,
    listener: (chunk: string) => void = () => undefined,
): Promise<void> {
    return new Promise((resolve, reject) => {
        let said = '';
        const listen = (chunk: Buffer): void => {
            listener(chunk.toString());
            said = (said + chunk.toString()).slice(-KEPT_OUTPUT);
            if (said.includes(text)) resolve();
        };
        child.stdout?.on('data', listen);
        child.stderr?.on('data', listen);
        child.once('exit', (code) => reject(new Error(`ended with ${code} before it said "${text}":\n${said}`)));
    });
}

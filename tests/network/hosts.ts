import { type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What is needed to make hosts of one's own; says what is missing, or null. */
export async function whatIsMissing(): Promise<string | null> {
    if (process.getuid?.() !== 0) return 'root';
    for (const tool of ['ip', 'nft', 'ffmpeg']) {
        const found = await run('sh', ['-c', `command -v ${tool}`]).catch(() => null);
        if (found === null) return tool;
    }
    // A container may have root and no right to make namespaces.
    const probe = `ocmprobe${process.pid}`;
    const made = await run('ip', ['netns', 'add', probe]).catch(() => null);
    if (made === null) return 'the right to make network namespaces';
    await run('ip', ['netns', 'delete', probe]);
    return null;
}

export interface Host {
    readonly name: string;
    readonly ip: string;
    /** Path of a program that runs another one on this host: `<wrapper> ARGS` is `program ARGS` there. */
    command(program: string, args: readonly string[]): [string, string[]];
    start(program: string, args: readonly string[]): ChildProcessWithoutNullStreams;
    /** Drops so many of 1,000 packets that come in. */
    lose(perThousand: number): Promise<void>;
    /** As if its power were gone: nobody hears of it any more, and nobody is told. @param afterBytes that it still sends */
    fallSilent(afterBytes?: number): Promise<void>;
}

const silenceAfter = (bytes: number): string =>
    `table inet silence { chain out { type filter hook output priority 0; oif != lo quota over ${bytes} bytes drop; }; }`;

/** IPv4 is all that is used here; the other kind of address comes a second late, and browsers then drop what they are loading. */
const WITHOUT_IPV6 =
    'for which in all default; do path=/proc/sys/net/ipv6/conf/$which/disable_ipv6; [ ! -e $path ] || echo 1 > $path; done';

/** Hosts on one switch, each a network namespace, in a network that no other process sees. */
export class Network {
    readonly #prefix = `ocm${process.pid}`;
    readonly #subnet: string;
    readonly #hosts: string[] = [];
    readonly #children = new Set<ChildProcessWithoutNullStreams>();

    constructor(subnet = '10.77.0') {
        this.#subnet = subnet;
    }

    /** Of every host. */
    get prefix(): string {
        return `${this.#subnet}.0/24`;
    }

    ipOf(number: number): string {
        return `${this.#subnet}.${number}`;
    }

    async open(): Promise<void> {
        await this.#ip('netns', 'add', this.#switch);
        await this.#inside(this.#switch, 'ip', 'link', 'add', 'br0', 'type', 'bridge');
        await this.#inside(this.#switch, 'ip', 'link', 'set', 'br0', 'up');
    }

    async addHost(number: number): Promise<Host> {
        const name = `${this.#prefix}h${number}`;
        const ip = this.ipOf(number);
        const [own, far] = [`v${number}a`, `v${number}b`];
        await this.#ip('netns', 'add', name);
        this.#hosts.push(name);
        await this.#inside(name, 'sh', '-c', WITHOUT_IPV6);
        await this.#ip('link', 'add', own, 'netns', name, 'type', 'veth', 'peer', 'name', far, 'netns', this.#switch);
        await this.#inside(this.#switch, 'ip', 'link', 'set', far, 'master', 'br0', 'up');
        await this.#inside(name, 'ip', 'addr', 'add', `${ip}/24`, 'dev', own);
        await this.#inside(name, 'ip', 'link', 'set', own, 'up');
        await this.#inside(name, 'ip', 'link', 'set', 'lo', 'up');
        const command = (program: string, args: readonly string[]): [string, string[]] => [
            'ip',
            ['netns', 'exec', name, program, ...args],
        ];
        return {
            name,
            ip,
            command,
            start: (program, args) => {
                const child = spawn(...command(program, args), { stdio: 'pipe' });
                this.#children.add(child.once('exit', () => this.#children.delete(child)));
                return child;
            },
            lose: async (perThousand) => {
                const rule = `table inet loss { chain in { type filter hook input priority 0; iif != lo numgen random mod 1000 < ${perThousand} drop; }; }`;
                await this.#inside(name, 'nft', rule);
            },
            fallSilent: (afterBytes = 0) => this.#inside(name, 'nft', silenceAfter(afterBytes)),
        };
    }

    async close(): Promise<void> {
        for (const child of this.#children) child.kill('SIGKILL');
        for (const name of [...this.#hosts, this.#switch])
            await this.#ip('netns', 'delete', name).catch(() => undefined);
    }

    get #switch(): string {
        return `${this.#prefix}sw`;
    }

    async #ip(...args: string[]): Promise<void> {
        await run('ip', args);
    }

    async #inside(name: string, ...command: string[]): Promise<void> {
        await run('ip', ['netns', 'exec', name, ...command]);
    }
}

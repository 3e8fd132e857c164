import { X509Certificate } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { every } from '@ocm/runtime';
import type { Authority } from '../acme/authority.js';
import { Challenges } from '../acme/challenges.js';
import { Renewal } from '../acme/renewal.js';
import { type CertificateFacts, Certificates, factsOf, readTls, type TlsMaterial } from '../http/tls.js';
import type { Clock, NodeLog } from '../ports.js';
import type { TlsConfig } from './tls-config.js';

export interface TlsKeeperOptions {
    tls: TlsConfig;
    dataDir: string;
    now: Clock;
    log: NodeLog;
}
/** A renewal that talks to its authority is not waited for any longer. */
const STOP_GRACE_MS = 1_000;

/** The certificates of the listeners with TLS: from files, watched, and from an authority, renewed. */
export class TlsKeeper {
    readonly certificates = new Certificates([]);
    readonly challenges = new Challenges();
    readonly #options: TlsKeeperOptions;
    #authority: Authority | null = null;
    readonly #stop = new AbortController();
    #files: TlsMaterial[] = [];
    #issued: TlsMaterial | null = null;
    #stamp = '';
    #renewal: Renewal | null = null;
    #loops: Promise<unknown>[] = [];

    private constructor(options: TlsKeeperOptions) {
        this.#options = options;
    }

    /** @throws MKT_NODE__TLS_UNUSABLE for files that cannot be used; an authority that is away delays nothing */
    static async start(options: TlsKeeperOptions): Promise<TlsKeeper> {
        const keeper = new TlsKeeper(options);
        await keeper.#readFiles();
        await keeper.#openAuthority();
        keeper.#show();
        keeper.#loops.push(
            every({
                name: 'certificate files',
                intervalMs: options.tls.reloadIntervalMs,
                run: () => keeper.#reloadIfChanged(),
                log: options.log,
                signal: keeper.#stop.signal,
            }),
        );
        return keeper;
    }

    get renewalFailures(): number {
        return this.#renewal?.failures ?? 0;
    }

    /** Begins to keep the issued certificate alive; the listeners must be open, as the authority asks them for its proof. */
    renew(): void {
        const { tls, now, log } = this.#options;
        const authority = this.#authority;
        if (authority === null || tls.acme === undefined) return;
        const { domains } = tls.acme;
        const current = (): CertificateFacts | null => {
            const facts = this.#issued === null ? null : factsOf(new X509Certificate(this.#issued.cert));
            return facts !== null && domains.every((domain) => facts.names.includes(domain)) ? facts : null;
        };
        const use = async (material: TlsMaterial): Promise<void> => {
            await authority.store.saveMaterial(material);
            this.#issued = material;
            this.#show();
        };
        this.#renewal = new Renewal({ issue: authority.issue, use, current, now, log, signal: this.#stop.signal });
        this.#loops.push(this.#renewal.run());
    }

    /** Reads the files again; the old certificates stay if the new ones cannot be used. */
    async reload(): Promise<void> {
        const { log } = this.#options;
        try {
            await this.#readFiles();
            this.#show();
            log.info({ certificates: this.certificates.facts().length }, 'certificates read again');
        } catch (error) {
            log.error({ err: error }, 'certificates not read again, going on with the old ones');
        }
    }

    async stop(): Promise<void> {
        this.#stop.abort();
        await Promise.race([
            Promise.all(this.#loops),
            new Promise((resolve) => setTimeout(resolve, STOP_GRACE_MS).unref()),
        ]);
    }

    async #readFiles(): Promise<void> {
        const { certificates } = this.#options.tls;
        const stamp = await this.#stampOfFiles();
        this.#files = await Promise.all(certificates.map((files) => readTls(files, 'tls.certificates')));
        this.#stamp = stamp;
    }

    async #reloadIfChanged(): Promise<void> {
        const stamp = await this.#stampOfFiles();
        if (stamp === this.#stamp) return;
        // Told once for each state of the files, whatever comes of it.
        this.#stamp = stamp;
        await this.reload();
    }

    /** Follows links, as renewal tools swap those. */
    async #stampOfFiles(): Promise<string> {
        const paths = this.#options.tls.certificates.flatMap(({ certPath, keyPath }) => [certPath, keyPath]);
        const facts = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
        return facts.map((fact) => `${fact?.ino} ${fact?.size} ${fact?.mtimeMs}`).join('\n');
    }

    async #openAuthority(): Promise<void> {
        const { tls, dataDir } = this.#options;
        if (tls.acme === undefined) return;
        // Loaded where it is used only: the library takes 27 MB of every process that has it.
        const { openAuthority } = await import('../acme/authority.js');
        this.#authority = await openAuthority(tls.acme, dataDir, this.challenges);
        this.#issued = await this.#authority.store.material();
    }

    #show(): void {
        this.certificates.replace([...this.#files, ...(this.#issued === null ? [] : [this.#issued])]);
    }
}

import { X509Certificate } from 'node:crypto';
import type { Authority } from '../acme/authority.js';
import { Challenges } from '../acme/challenges.js';
import { Renewal } from '../acme/renewal.js';
import { type CertificateFacts, Certificates, factsOf, type TlsMaterial } from '../http/tls.js';
import type { Clock, NodeLog } from '../ports.js';
import { CertificateFiles } from './certificate-files.js';
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
    #files: CertificateFiles | null = null;
    #fromFiles: TlsMaterial[] = [];
    #issued: TlsMaterial | null = null;
    #renewal: Renewal | null = null;
    #renewing: Promise<unknown> = Promise.resolve();

    private constructor(options: TlsKeeperOptions) {
        this.#options = options;
    }

    /** @throws MKT_NODE__TLS_UNUSABLE for files that cannot be used; an authority that is away delays nothing */
    static async start(options: TlsKeeperOptions): Promise<TlsKeeper> {
        const keeper = new TlsKeeper(options);
        const { certificates: files, reloadIntervalMs } = options.tls;
        await keeper.#openAuthority();
        keeper.#files = await CertificateFiles.open({
            files,
            field: 'tls.certificates',
            reloadIntervalMs,
            log: options.log,
            use: (material) => {
                keeper.#fromFiles = material;
                keeper.#show();
            },
        });
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
        this.#renewing = this.#renewal.run();
    }

    /** Reads the files again; the old certificates stay if the new ones cannot be used. */
    async reload(): Promise<void> {
        await this.#files?.reload();
    }

    async stop(): Promise<void> {
        this.#stop.abort();
        await Promise.race([
            Promise.all([this.#renewing, this.#files?.stop()]),
            new Promise((resolve) => setTimeout(resolve, STOP_GRACE_MS).unref()),
        ]);
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
        this.certificates.replace([...this.#fromFiles, ...(this.#issued === null ? [] : [this.#issued])]);
    }
}

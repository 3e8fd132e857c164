import { stat } from 'node:fs/promises';
import { every } from '@ocm/runtime';
import { readTls, type TlsFiles, type TlsMaterial } from '../http/tls.js';
import type { NodeLog } from '../ports.js';

export interface CertificateFilesOptions {
    files: readonly TlsFiles[];
    /** Of the config, for what is told when one cannot be used. */
    field: string;
    reloadIntervalMs: number;
    log: NodeLog;
    /** Gets what was read, each time. */
    use: (material: TlsMaterial[]) => void;
}

/** Certificates in files, looked after: what a renewal puts there is in use without a restart. */
export class CertificateFiles {
    readonly #options: CertificateFilesOptions;
    readonly #stop = new AbortController();
    #stamp = '';
    #loop: Promise<unknown> = Promise.resolve();

    private constructor(options: CertificateFilesOptions) {
        this.#options = options;
    }

    /** @throws MKT_NODE__TLS_UNUSABLE */
    static async open(options: CertificateFilesOptions): Promise<CertificateFiles> {
        const files = new CertificateFiles(options);
        await files.#read();
        files.#loop = every({
            name: 'certificate files',
            intervalMs: options.reloadIntervalMs,
            run: () => files.#reloadIfChanged(),
            log: options.log,
            signal: files.#stop.signal,
        });
        return files;
    }

    /** Reads the files again; the old certificates stay if the new ones cannot be used. */
    async reload(): Promise<void> {
        const { log, files, field } = this.#options;
        try {
            await this.#read();
            log.info({ certificates: files.length, field }, 'certificates read again');
        } catch (error) {
            log.error({ err: error }, 'certificates not read again, going on with the old ones');
        }
    }

    async stop(): Promise<void> {
        this.#stop.abort();
        await this.#loop;
    }

    async #read(): Promise<void> {
        const { files, field, use } = this.#options;
        const stamp = await this.#stampOfFiles();
        use(await Promise.all(files.map((each) => readTls(each, field))));
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
        const paths = this.#options.files.flatMap(({ certPath, keyPath }) => [certPath, keyPath]);
        const facts = await Promise.all(paths.map((path) => stat(path).catch(() => null)));
        return facts.map((fact) => `${fact?.ino} ${fact?.size} ${fact?.mtimeMs}`).join('\n');
    }
}

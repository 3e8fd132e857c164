import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf, readKeypair, writeFileAtomic } from '@ocm/runtime';
import { Keypair, type PublicKey } from '@solana/web3.js';

/** A missing key is looked for in the folder at most this often: requests must not become a stream of directory reads. */
const RESCAN_EVERY_MS = 1_000;

/** Keys that sign tokens. Old ones stay: their epochs may still be open, and an erased key is never wanted back in time. */
export type IssuerKeys = {
    find(publicKey: PublicKey): Keypair | undefined;
    list(): Keypair[];
};
export type Keyring = IssuerKeys & {
    /** A new key, on disk before it is returned: a key that is named on chain and lost stops all tokens. */
    create(): Promise<Keypair>;
};

/**
 * The configured keypair files, and those that rotations left in a folder, which is read again when a key is missing: a
 * rotation by another process is seen without a restart.
 * @throws MKT_RUNTIME__KEYPAIR_MISSING, MKT_RUNTIME__KEYPAIR_INVALID
 */
export function openKeyring({
    paths,
    folder,
    nowMs = Date.now,
}: {
    paths: readonly string[];
    folder: string;
    nowMs?: () => number;
}): Keyring {
    const keys = new Map<string, Keypair>();
    const add = (keypair: Keypair) => keys.set(keypair.publicKey.toBase58(), keypair);
    for (const path of paths) add(readKeypair(path));
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    let scannedAtMs = Number.NEGATIVE_INFINITY;
    const scan = () => {
        scannedAtMs = nowMs();
        for (const name of listKeyFiles(folder)) {
            if (!keys.has(name.slice(0, -'.json'.length))) add(readKeypair(join(folder, name)));
        }
    };
    scan();
    return {
        find(publicKey) {
            const name = publicKey.toBase58();
            if (!keys.has(name) && nowMs() - scannedAtMs >= RESCAN_EVERY_MS) scan();
            return keys.get(name);
        },
        list: () => [...keys.values()],
        async create() {
            const keypair = Keypair.generate();
            const path = join(folder, `${keypair.publicKey.toBase58()}.json`);
            await writeFileAtomic(path, `${JSON.stringify([...keypair.secretKey])}\n`, 0o600);
            add(keypair);
            return keypair;
        },
    };
}

function listKeyFiles(folder: string): string[] {
    try {
        return readdirSync(folder)
            .filter((name) => name.endsWith('.json'))
            .sort();
    } catch (error) {
        if (errorCodeOf(error) === 'ENOENT') return [];
        throw error;
    }
}

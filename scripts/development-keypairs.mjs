/**
 * Writes target/deploy/NAME-keypair.json of each program, so that no build tool invents another address.
 *
 * The seed is SHA256("ocm/development/program/" + name): public on purpose, so that every development cluster knows the
 * same addresses. Never deploy to a public cluster with these keys: anyone can compute them.
 *
 * Usage: node scripts/development-keypairs.mjs [OUT_DIR]     (default: target/deploy)
 */
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PROGRAMS = ['registry', 'market', 'settlement', 'governance'];
const PKCS8_ED25519_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const directory = process.argv[2] ?? join(root, 'target', 'deploy');
mkdirSync(directory, { recursive: true });
for (const name of PROGRAMS) {
    const seed = createHash('sha256').update(`ocm/development/program/${name}`).digest();
    const privateKey = createPrivateKey({
        key: Buffer.concat([PKCS8_ED25519_PREFIX, seed]),
        format: 'der',
        type: 'pkcs8',
    });
    const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
    const keypair = JSON.stringify([...seed, ...publicKey]);
    writeFileSync(join(directory, `${name}-keypair.json`), keypair, { mode: 0o600 });
}

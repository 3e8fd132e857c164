// Run as a child process: the runtime would end the whole process on bytes it cannot read, and with it the test runner.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { createSimulatedCluster } from '../../workers/cluster/dist/index.js';

const {
    ComputeBudgetProgram,
    Keypair,
    PublicKey,
    SystemProgram,
    Transaction,
    TransactionMessage,
    VersionedTransaction,
} = createRequire(import.meta.url)('@solana/web3.js');

const rounds = Number(process.argv[2] ?? 2_000);
const seed = process.argv[3] ?? 'seed';
let counter = 0;

/** Deterministic draw below `bound`, so that a failing run can be repeated. */
function draw(bound) {
    return createHash('sha256').update(`${seed}:${counter++}`).digest().readUInt32LE(0) % bound;
}

const cluster = createSimulatedCluster({ slotDurationMs: 0 });
const payer = Keypair.generate();
await cluster.airdrop(payer.publicKey.toBase58(), 1_000_000_000_000n);

async function call(method, params) {
    return cluster.handle({ jsonrpc: '2.0', id: 1, method, params });
}

const blockhash = (await call('getLatestBlockhash', [])).result.value.blockhash;
const lookupTable = {
    key: Keypair.generate().publicKey,
    isActive: () => true,
    state: { addresses: [PublicKey.default, payer.publicKey] },
};

function seeds() {
    const instructions = [
        ComputeBudgetProgram.setComputeUnitLimit({ units: 1_000 + draw(100_000) }),
        SystemProgram.transfer({
            fromPubkey: payer.publicKey,
            toPubkey: Keypair.generate().publicKey,
            lamports: 1_000_000,
        }),
    ];
    const legacy = new Transaction({ feePayer: payer.publicKey, recentBlockhash: blockhash }).add(...instructions);
    legacy.sign(payer);
    const message = new TransactionMessage({ payerKey: payer.publicKey, recentBlockhash: blockhash, instructions });
    const versioned = new VersionedTransaction(message.compileToV0Message(draw(2) === 0 ? [] : [lookupTable]));
    versioned.sign([payer]);
    return [legacy.serialize(), versioned.serialize()];
}

function mutate(original) {
    const bytes = Uint8Array.from(original);
    const kind = draw(6);
    // The first bytes of the message hold counts and indexes; most mutations go there.
    const spot = draw(2) === 0 ? draw(bytes.length) : Math.min(bytes.length - 1, 65 + draw(8));
    if (kind === 0) bytes[spot] = draw(256);
    if (kind === 1) bytes[spot] ^= 1 << draw(8);
    if (kind === 2) return bytes.subarray(0, draw(bytes.length + 1));
    if (kind === 3) return Uint8Array.from([...bytes, draw(256)]);
    if (kind === 4) return Uint8Array.from([...bytes.subarray(0, spot), 0x80, 0x00, ...bytes.subarray(spot + 1)]);
    if (kind === 5) for (let index = 0; index < 4; index++) bytes[draw(bytes.length)] = draw(256);
    return bytes;
}

let answered = 0;
let executed = 0;
for (let round = 0; round < rounds; round++) {
    for (const original of seeds()) {
        const encoded = Buffer.from(mutate(original)).toString('base64');
        const simulated = await call('simulateTransaction', [encoded, { encoding: 'base64', sigVerify: false }]);
        const sent = await call('sendTransaction', [encoded, { encoding: 'base64', skipPreflight: draw(2) === 0 }]);
        if (simulated.result?.value.err === null) executed++;
        if ((simulated.result ?? simulated.error) !== undefined && (sent.result ?? sent.error) !== undefined)
            answered++;
    }
}
process.stdout.write(JSON.stringify({ answered, executed }));
process.exit(0);

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AnchorProvider, BN, type Idl, Program, Wallet } from '@coral-xyz/anchor';
import { Keypair, PublicKey } from '@solana/web3.js';
import bs58 from 'bs58';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fundedKeypair, type ServedCluster, serveCluster } from './support.js';

const IDL_PATH = fileURLToPath(new URL('../../sdk/idl/registry.json', import.meta.url));
const PROGRAM_PATH = fileURLToPath(new URL('../../sdk/programs/registry.so', import.meta.url));
/** First bytes of Anchor's self-invocation that carries an event. */
const EVENT_TAG = Buffer.from('e445a52e51cb9a1d', 'hex');
const UPGRADEABLE_LOADER = new PublicKey('BPFLoaderUpgradeab1e11111111111111111111111');

let served: ServedCluster;
let authority: Keypair;
let program: Program;

const PARAMS = {
    epochLengthsSecs: [60, 0, 0, 0],
    commitDelaySecs: 60,
    commitWindowSecs: 60,
    proveWindowSecs: 60,
    challengeWindowSecs: 60,
    challengeResponseSecs: 60,
    cosignWindowSecs: 60,
    settleWindowSecs: 600,
    tokenGraceSecs: 60,
    unbondSecs: 60,
    seedDelaySlots: 32,
    prefundEpochs: 2,
    slashMultiplierBasisPoints: 20_000,
    livenessSlashBasisPoints: 100,
    severeSlaBasisPoints: 5_000,
    challengeBond: new BN(1_000_000),
    creditBytes: new BN(67_108_864),
    maxTokenBytes: new BN(17_179_869_184),
};

function initializeConfig(feeBasisPoints: number, signer: Keypair) {
    const key = Keypair.generate().publicKey;
    const args = {
        board: key,
        guardian: key,
        treasury: key,
        clusterTag: 7,
        development: true,
        feeBasisPoints,
        params: PARAMS,
    };
    return program.methods
        .initializeConfig?.(args)
        .accountsPartial({ payer: authority.publicKey, upgradeAuthority: signer.publicKey })
        .signers(signer === authority ? [] : [signer]);
}

/** The programs are built by `npm run build:programs`; without them there is nothing to run. */
describe.skipIf(!existsSync(PROGRAM_PATH))('an Anchor program against the simulated cluster', () => {
    beforeAll(async () => {
        const idl = JSON.parse(readFileSync(IDL_PATH, 'utf8')) as Idl;
        served = await serveCluster();
        authority = await fundedKeypair(served.cluster);
        served.cluster.loadProgram({
            programId: idl.address,
            path: PROGRAM_PATH,
            upgradeAuthority: authority.publicKey.toBase58(),
        });
        const provider = new AnchorProvider(served.connection, new Wallet(authority), { commitment: 'confirmed' });
        program = new Program(idl, provider);
    });
    afterAll(() => served.close());

    it('loads as an upgradeable program whose ProgramData names the authority', async () => {
        const [programData] = PublicKey.findProgramAddressSync([program.programId.toBytes()], UPGRADEABLE_LOADER);
        const parsed = await served.connection.getParsedAccountInfo(programData);
        expect(parsed.value?.data).toMatchObject({
            program: 'bpf-upgradeable-loader',
            parsed: { type: 'programData', info: { authority: authority.publicKey.toBase58(), slot: 0 } },
        });
        const account = await served.connection.getAccountInfo(program.programId);
        expect(account?.executable).toBe(true);
    });

    it('refuses files that are no programs and leaves nothing behind', async () => {
        const programId = Keypair.generate().publicKey;
        const load = (path: string) => () =>
            served.cluster.loadProgram({ programId: programId.toBase58(), path, upgradeAuthority: null });
        const broken = join(mkdtempSync(join(tmpdir(), 'program-')), 'broken.so');
        writeFileSync(broken, readFileSync(PROGRAM_PATH).subarray(0, 5_000));
        expect(load('/nowhere.so')).toThrow('cannot be read');
        expect(load(IDL_PATH)).toThrow('not an ELF image');
        expect(load(broken)).toThrow('no program the runtime can load');
        rmSync(dirname(broken), { recursive: true });
        const [programData] = PublicKey.findProgramAddressSync([programId.toBytes()], UPGRADEABLE_LOADER);
        expect(await served.connection.getMultipleAccountsInfo([programId, programData])).toEqual([null, null]);
    });

    it('names the program error of a signer who is not the upgrade authority', async () => {
        const stranger = await fundedKeypair(served.cluster);
        await expect(initializeConfig(100, stranger)?.rpc()).rejects.toMatchObject({
            error: { errorCode: { code: 'NotUpgradeAuthority', number: 6000 } },
        });
    });

    it('runs an instruction, reads its account back and decodes the event it emitted by self-invocation', async () => {
        const signature = (await initializeConfig(150, authority)?.rpc()) ?? '';
        const [address] = PublicKey.findProgramAddressSync([Buffer.from('config')], program.programId);
        const accounts = program.account as Record<
            string,
            { fetch(key: PublicKey): Promise<unknown>; all(): Promise<{ publicKey: PublicKey }[]> }
        >;
        expect(await accounts.config?.fetch(address)).toMatchObject({ feeBasisPoints: 150, clusterTag: 7 });
        const all = await accounts.config?.all();
        expect(all?.map(({ publicKey }) => publicKey.toBase58())).toEqual([address.toBase58()]);

        const landed = await served.connection.getTransaction(signature, {
            commitment: 'confirmed',
            maxSupportedTransactionVersion: 0,
        });
        const inner = landed?.meta?.innerInstructions?.flatMap(({ instructions }) => instructions) ?? [];
        const events = inner.flatMap(({ data }) => {
            const emitted = Buffer.from(bs58.decode(data));
            return emitted.subarray(0, 8).equals(EVENT_TAG)
                ? [program.coder.events.decode(emitted.subarray(8).toString('base64'))]
                : [];
        });
        expect(events).toMatchObject([{ name: 'configInitialized', data: { feeBasisPoints: 150, config: address } }]);
    });

    it('refuses to initialize twice with the error of the system program', async () => {
        await expect(initializeConfig(150, authority)?.rpc()).rejects.toThrow('custom program error: 0x0');
    });
});

import { ZERO_ADDRESS } from './chain/address.js';
import type { Fields } from './chain/borsh.js';
import { decodeStruct } from './chain/idl.js';
import { readWire } from './chain/wire.js';
import { checkCommitments, checkContract, checkVault, readAccount } from './check/accounts.js';
import { LogFiles } from './check/logs.js';
import { checkManifest, type ManifestResult } from './check/manifests.js';
import { type Copy, readRecord } from './copy/copy.js';
import * as layout from './copy/layout.js';
import { errorMessageOf, failure } from './errors.js';
import { Findings } from './findings.js';
import { fromBase64, sha256, toHex } from './protocol/bytes.js';
import { type VerifySignature, verifySignature } from './protocol/ed25519.js';
import type { Ledger } from './replay/ledger.js';
import type { Parameters } from './replay/opening.js';
import { replay, type SignedTransaction } from './replay/replay.js';
import { PARAMETER_FIELDS } from './replay/terms.js';

export type VerifyOptions = {
    /** Base58; null takes the one that the copy names. */
    contract: string | null;
    /** Only the manifests, sessions and logs of this epoch; the money is always followed from its beginning. */
    epoch: number | null;
    verify?: VerifySignature;
    signal?: AbortSignal;
    progress?: (step: string) => void;
};
export type Verification = { ledger: Ledger; findings: Findings; manifests: ReadonlyMap<string, ManifestResult> };

/** Recomputes everything that a copy holds of a contract. Throws only where there is nothing to verify. */
export async function verifyCopy(copy: Copy, options: VerifyOptions): Promise<Verification> {
    const { verify = verifySignature, progress = () => undefined } = options;
    const findings = new Findings();
    const files = await copy.list();
    if (!files.includes(layout.COPY_FILE))
        throw failure('MKT_VERIFIER__NO_COPY', `there is no ${layout.COPY_FILE}; name a folder that ocm fetch wrote`);
    const head = await readRecord(copy, layout.COPY_FILE, layout.copySchema, findings);
    const contract = options.contract ?? head?.value.contract ?? contractOf(files);
    if (head !== null && head.value.contract !== contract)
        findings.add(layout.COPY_FILE, layout.COPY_FILE, `is of contract ${head.value.contract}, not ${contract}`);
    progress('replaying transactions');
    const account = await readAccount(copy, contract, { program: 'market', name: 'Contract' }, findings);
    const parameters = await readParameters(copy, account?.fields ?? null, findings);
    const transactions = await readTransactions(copy, files, verify, findings);
    const ledger = replay(contract, transactions, { parameters, account: account?.fields ?? null, findings });
    if (ledger.contract === null)
        findings.add(layout.COPY_FILE, layout.COPY_FILE, `no transaction of the copy makes the contract ${contract}`);
    checkContract(ledger, account, files.includes(layout.accountFile(contract)), findings);
    await checkCommitments(copy, ledger, findings);
    await checkVault(copy, ledger, findings);
    progress('recomputing sessions and trees');
    const manifests = await checkEpochs(copy, files, ledger, { ...options, verify }, findings);
    nameStrangers(files, ledger, findings);
    return { ledger, findings, manifests };
}

/** A copy whose head is broken still has a contract: the one whose account is in it. */
function contractOf(files: readonly string[]): string {
    const accounts = files.filter((file) => file.startsWith('accounts/')).map((file) => file.slice(9, -5));
    return accounts[0] ?? ZERO_ADDRESS;
}

async function readParameters(copy: Copy, account: Fields | null, findings: Findings): Promise<Parameters | null> {
    const file = layout.PARAMS_FILE;
    const read = await readRecord(copy, file, layout.paramsSchema, findings);
    if (read === null) return null;
    const { feeBasisPoints, treasury, clusterTag, params } = read.value;
    const bytes = fromBase64(params);
    try {
        if (bytes === null) throw new TypeError('they are not in canonical base64');
        const all: Fields = { ...decodeStruct('registry', 'Params', bytes), feeBasisPoints, treasury, clusterTag };
        const fields = Object.fromEntries(PARAMETER_FIELDS.map((name) => [name, all[name] ?? 0]));
        const paramsHash = toHex(sha256(bytes));
        for (const [name, value] of Object.entries({ ...fields, paramsHash }))
            if (account !== null && account[name] !== value)
                findings.add(file, `parameters, ${name}`, `is ${value}, the contract copied ${String(account[name])}`);
        return { fields, paramsHash };
    } catch (error) {
        findings.add(file, 'parameters', `cannot be read: ${errorMessageOf(error)}`);
        return null;
    }
}

async function readTransactions(
    copy: Copy,
    files: readonly string[],
    verify: VerifySignature,
    findings: Findings,
): Promise<SignedTransaction[]> {
    const transactions: SignedTransaction[] = [];
    for (const file of files.filter((name) => name.startsWith('transactions/'))) {
        const read = await readRecord(copy, file, layout.transactionSchema, findings);
        if (read === null) continue;
        const { wire, events, clock } = read.value;
        const bytes = fromBase64(wire);
        const signed = bytes === null ? { problem: 'its bytes are not in canonical base64' } : readWire(bytes, verify);
        if ('problem' in signed) {
            findings.add(file, file, signed.problem);
            continue;
        }
        const moment = clock === null ? null : { slot: BigInt(clock.slot), time: BigInt(clock.time) };
        transactions.push({ file, instructions: signed.instructions, events, moment });
    }
    return transactions;
}

async function checkEpochs(
    copy: Copy,
    files: readonly string[],
    ledger: Ledger,
    { epoch, verify = verifySignature, signal }: VerifyOptions,
    findings: Findings,
): Promise<Map<string, ManifestResult>> {
    const logFiles = files.filter((file) => file.startsWith('logs/'));
    const logs = new LogFiles(copy, logFiles, findings);
    let present = -1;
    const results = new Map<string, ManifestResult>();
    for (const [address, { books }] of ledger.commitments) {
        signal?.throwIfAborted();
        if (epoch !== null && books.epoch !== epoch) continue;
        // Epochs are committed in order: the files of the one before are not asked for again.
        if (books.epoch !== present) logs.endEpoch();
        present = books.epoch;
        results.set(
            address,
            await checkManifest({ copy, files, ledger, logs, verify, findings, signal }, address, books),
        );
    }
    logs.endEpoch();
    if (epoch === null) await logs.end();
    else findings.note(`only epoch ${epoch}: sessions, records and logs of other epochs were not looked at`);
    return results;
}

/** A file that nothing speaks of would be a byte that nothing checks. */
function nameStrangers(files: readonly string[], ledger: Ledger, findings: Findings): void {
    const addresses = new Set([ledger.address, ledger.contract?.vault ?? '', ...ledger.commitments.keys()]);
    for (const file of files) {
        const [folder, name = ''] = file.split('/');
        const address = folder === 'accounts' ? name.slice(0, -'.json'.length) : name;
        const isOurs = folder !== 'accounts' && folder !== 'commitments' ? true : addresses.has(address);
        if (!layout.isCopyPath(file) || !isOurs)
            findings.add(file, file, 'is not of this contract, or is no file of a copy');
    }
}

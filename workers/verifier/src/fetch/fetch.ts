import { commitmentAddress, configAddress } from '../chain/address.js';
import type { Fields } from '../chain/borsh.js';
import { decodeAccount, locateParams, PROGRAM_IDS } from '../chain/idl.js';
import * as layout from '../copy/layout.js';
import { failure } from '../errors.js';
import { fromBase64, sha256, toBase64, toHex } from '../protocol/bytes.js';
import { canonicalJson, type Json } from '../protocol/canonical-json.js';
import { Scope } from '../replay/scope.js';
import { type ChainTransaction, readAccount, readTransaction, toCopyTransaction } from './chain.js';
import { type EvidenceSources, fetchEvidence } from './evidence.js';
import { listSignatures, mergeHistories, type SignatureAt } from './history.js';
import type { Rpc } from './rpc.js';

/** Takes the files of a copy as they come; `limitBytes` bounds what strangers can make us store. */
export type CopyWriter = { write(path: string, bytes: Uint8Array): Promise<void> };
export type FetchInput = {
    contract: string;
    /** Only this epoch's manifest, evidence and logs. */
    epoch: number | null;
    rpc: Rpc;
    sources: EvidenceSources;
    writer: CopyWriter;
    signal: AbortSignal;
    progress: (step: string) => void;
};
export type FetchSummary = { transactions: number; commitments: number; manifests: number; missing: readonly string[] };

/** Writes a copy of everything that stands behind a contract: enough to verify it without any of its sources. */
export async function fetchCopy(input: FetchInput): Promise<FetchSummary> {
    const { contract, rpc, writer, progress } = input;
    const put = (path: string, value: Json) => writer.write(path, new TextEncoder().encode(canonicalJson(value)));
    progress('listing transactions');
    const { transactions, scope, account } = await fetchHistory(input);
    for (const [place, transaction] of transactions.entries())
        await put(layout.transactionFile(place + 1), toCopyTransaction(transaction, scope) as unknown as Json);
    const missing: string[] = [];
    const opened = transactions.flatMap(({ instructions }) => instructions).find((step) => isOpening(step, contract));
    const vault = opened?.decoded?.accounts.vault;
    for (const address of [contract, ...(vault === undefined ? [] : [vault]), ...scope.commitments]) {
        const found = await readAccount(rpc, address);
        if (found !== null) await put(layout.accountFile(address), found);
    }
    if (!(await fetchParameters(rpc, account, put)))
        missing.push('parameters: changed since, or the contract is closed');
    const commitments = listCommitments(transactions, contract).filter(
        ({ epoch }) => input.epoch === null || input.epoch === epoch,
    );
    const manifests = await fetchEvidence({ ...input, put, commitments, missing });
    // Last: a folder without it is no copy, so a fetch that was cut short is not taken for one.
    await put(layout.COPY_FILE, { contract, format: layout.COPY_FORMAT });
    return { transactions: transactions.length, commitments: commitments.length, manifests, missing };
}

const isOpening = ({ decoded }: ChainTransaction['instructions'][number], contract: string): boolean =>
    decoded?.accounts.contract === contract && (decoded.name === 'accept_offer' || decoded.name === 'award_bid');

type History = { transactions: ChainTransaction[]; scope: Scope; account: Fields | null };

/** Every transaction that names the contract, its vault or its commitments, and the one that posted its offer. */
async function fetchHistory({ contract, rpc, signal, progress }: FetchInput): Promise<History> {
    const scope = new Scope(contract);
    const read = new Map<string, ChainTransaction>();
    const load = async (list: readonly SignatureAt[]) => {
        for (const { signature } of list) {
            signal.throwIfAborted();
            if (read.has(signature)) continue;
            const transaction = await readTransaction(rpc, signature);
            read.set(signature, transaction);
            for (const { decoded } of transaction.instructions) if (decoded !== null) scope.learn(decoded);
            if (read.size % 100 === 0) progress(`${read.size} transactions read`);
        }
    };
    const own = await listSignatures(rpc, contract);
    if (own.length === 0)
        throw failure(
            'MKT_VERIFIER__CONTRACT_UNKNOWN',
            `no transaction names ${contract} on this cluster; check the address and --rpc-url`,
        );
    await load(own);
    const lists = [own];
    const vault = own
        .flatMap(({ signature }) => read.get(signature)?.instructions ?? [])
        .find((step) => isOpening(step, contract));
    const vaultAddress = vault?.decoded?.accounts.vault;
    for (const address of [...(vaultAddress === undefined ? [] : [vaultAddress]), ...scope.commitments])
        lists.push(await listSignatures(rpc, address));
    if (scope.offer !== undefined) lists.push((await listSignatures(rpc, scope.offer)).slice(0, 1));
    for (const list of lists) await load(list);
    const ordered = mergeHistories(lists).flatMap((signature) => read.get(signature) ?? []);
    const found = await readAccount(rpc, contract);
    const data = found === null ? null : fromBase64(found.data);
    return { transactions: ordered, scope, account: data === null ? null : decodeAccount('market', 'Contract', data) };
}

/** Only while the configuration still is what the contract copied. */
async function fetchParameters(
    rpc: Rpc,
    account: Fields | null,
    put: (path: string, value: Json) => Promise<void>,
): Promise<boolean> {
    const found = await readAccount(rpc, configAddress(PROGRAM_IDS.registry).address);
    const data = found === null ? null : fromBase64(found.data);
    if (data === null) return false;
    const config = decodeAccount('registry', 'Config', data);
    const params = locateParams(data);
    const { clusterTag, feeBasisPoints, treasury } = config as {
        clusterTag: number;
        feeBasisPoints: number;
        treasury: string;
    };
    const isSame =
        account === null ||
        (account.paramsHash === toHex(sha256(params)) &&
            account.treasury === treasury &&
            account.feeBasisPoints === feeBasisPoints);
    if (!isSame) return false;
    await put(layout.PARAMS_FILE, { clusterTag, feeBasisPoints, params: toBase64(params), treasury });
    return true;
}

export type CommitmentName = { address: string; epoch: number; kind: number };

function listCommitments(transactions: readonly ChainTransaction[], contract: string): CommitmentName[] {
    return transactions.flatMap(({ instructions }) =>
        instructions.flatMap(({ decoded }) => {
            if (decoded?.name !== 'commit_delivery' || decoded.accounts.contract !== contract) return [];
            const { epoch, kind } = decoded.args as { epoch: number; kind: number };
            return [{ address: commitmentAddress(PROGRAM_IDS.settlement, contract, epoch, kind).address, epoch, kind }];
        }),
    );
}

import { z } from 'zod';
import { decodeBase58 } from '../../ledger/addresses.js';
import { computeFee } from '../../ledger/compute-budget.js';
import type { SimulationOutcome } from '../../ledger/svm.js';
import { describeTransactionError } from '../../ledger/transaction-errors.js';
import {
    MalformedTransactionError,
    parseMessage,
    parseTransaction,
    type WireTransaction,
} from '../../ledger/wire-transaction.js';
import { BLOCKHASH_WINDOW_SLOTS, MAX_AIRDROP_LAMPORTS } from '../../limits.js';
import type { TransactionErrorJson } from '../../types.js';
import { encodeAccount } from '../account-encoding.js';
import { assertContext, type RpcContext, type RpcMethods, withContext } from '../context.js';
import { INTERNAL_ERROR, INVALID_PARAMS, invalidParams, PREFLIGHT_FAILURE, RpcError } from '../errors.js';
import {
    accountEncodingSchema,
    commitmentSchema,
    contextConfig,
    parseParams,
    pubkeySchema,
    unsignedSchema,
} from '../params.js';
import { describeBalances, describeOutcome, NOT_EXECUTED } from '../simulation.js';
import { encodeInnerInstructions } from '../transaction-encoding.js';
import { decodeTransaction, decodeWire, transactionEncodingSchema } from '../transaction-params.js';

const sendConfig = z
    .looseObject({
        encoding: transactionEncodingSchema,
        skipPreflight: z.boolean().nullish(),
        preflightCommitment: commitmentSchema.nullish(),
        maxRetries: unsignedSchema.nullish(),
        minContextSlot: unsignedSchema.nullish(),
    })
    .nullish();

const simulateConfig = z
    .looseObject({
        encoding: transactionEncodingSchema,
        sigVerify: z.boolean().nullish(),
        replaceRecentBlockhash: z.boolean().nullish(),
        innerInstructions: z.boolean().nullish(),
        commitment: commitmentSchema.nullish(),
        minContextSlot: unsignedSchema.nullish(),
        accounts: z
            .looseObject({
                encoding: accountEncodingSchema.nullish(),
                addresses: z.array(pubkeySchema).max(256),
            })
            .nullish(),
    })
    .nullish();

function preflightFailure(
    { ledger }: RpcContext,
    transaction: WireTransaction,
    outcome: SimulationOutcome,
    err: TransactionErrorJson,
): RpcError {
    const message = `Transaction simulation failed: ${describeTransactionError(err)}`;
    return new RpcError(PREFLIGHT_FAILURE, message, describeOutcome(ledger, transaction, outcome, err));
}

/** Simulates before execution. Throws what Agave's preflight would answer. */
function preflight(context: RpcContext, transaction: WireTransaction): void {
    const tooOld = context.ledger.checkAge(transaction);
    if (tooOld !== null) throw preflightFailure(context, transaction, NOT_EXECUTED, tooOld);
    const outcome = context.ledger.simulate(transaction, true);
    if (outcome.err !== null) throw preflightFailure(context, transaction, outcome, outcome.err);
}

/** A copy of the transaction that lives by another blockhash; its signatures no longer hold. */
function withBlockhash(transaction: WireTransaction, blockhash: string): WireTransaction {
    const bytes = Uint8Array.from(transaction.bytes);
    const { message, signatures } = transaction;
    const versionBytes = message.version === 'legacy' ? 0 : 1;
    // Neither count exceeds 127 in a packet of 1,232 bytes, so each length takes one byte.
    const offset = 1 + signatures.length * 64 + versionBytes + 3 + 1 + message.staticKeys.length * 32;
    bytes.set(decodeBase58(blockhash), offset);
    return parseTransaction(bytes);
}

function simulate(params: readonly unknown[], context: RpcContext): object {
    const { ledger } = context;
    const [text, config] = parseParams([z.string(), simulateConfig], params);
    assertContext(ledger, config);
    const replace = config?.replaceRecentBlockhash === true;
    if (replace && config?.sigVerify === true) {
        throw invalidParams('sigVerify may not be used with replaceRecentBlockhash');
    }
    let transaction = decodeTransaction(text, config?.encoding);
    const { slot } = ledger.clock;
    const blockhash = ledger.hashes.blockhash(slot);
    if (replace) transaction = withBlockhash(transaction, blockhash);
    const tooOld = ledger.checkAge(transaction);
    const outcome =
        tooOld === null ? ledger.simulate(transaction, config?.sigVerify === true) : { ...NOT_EXECUTED, err: tooOld };
    const wanted = config?.accounts;
    const accountConfig = { encoding: wanted?.encoding ?? 'base64' } as const;
    const accounts = wanted?.addresses.map((address) => {
        const account = outcome.postAccounts.get(address) ?? ledger.getAccount(address);
        return encodeAccount(ledger.runtime, account, accountConfig, address);
    });
    return withContext(ledger, {
        ...describeOutcome(ledger, transaction, outcome, outcome.err),
        ...describeBalances(ledger, transaction, outcome, outcome.err),
        accounts: accounts ?? null,
        innerInstructions:
            config?.innerInstructions === true ? encodeInnerInstructions(outcome.innerInstructions) : null,
        replacementBlockhash: replace
            ? { blockhash, lastValidBlockHeight: slot + BigInt(BLOCKHASH_WINDOW_SLOTS) }
            : null,
    });
}

function send(params: readonly unknown[], context: RpcContext): string {
    const { ledger } = context;
    const [text, config] = parseParams([z.string(), sendConfig], params);
    assertContext(ledger, config);
    const transaction = decodeTransaction(text, config?.encoding);
    const checked = config?.skipPreflight !== true;
    if (checked) preflight(context, transaction);
    // Signatures were verified by the preflight; verifying is nine tenths of a simple transaction's cost.
    const result = ledger.execute(transaction, !checked);
    if (!result.landed && checked) throw preflightFailure(context, transaction, NOT_EXECUTED, result.err);
    // Without preflight a transaction that cannot land is taken and lost, as on a cluster: the sender sees it expire.
    return transaction.signatures[0] ?? '';
}

export const submissionMethods: RpcMethods = {
    sendTransaction: send,
    simulateTransaction: simulate,
    requestAirdrop: (params, { ledger }) => {
        const [recipient, lamports] = parseParams([pubkeySchema, unsignedSchema, contextConfig], params);
        if (BigInt(lamports) > MAX_AIRDROP_LAMPORTS) {
            throw invalidParams(`an airdrop gives at most ${MAX_AIRDROP_LAMPORTS} lamports`);
        }
        const result = ledger.airdrop(recipient, BigInt(lamports));
        const failure = result.landed ? result.transaction.err : result.err;
        if (failure !== null)
            throw new RpcError(INTERNAL_ERROR, `airdrop failed: ${describeTransactionError(failure)}`);
        return result.landed ? (result.transaction.signatures[0] ?? '') : '';
    },
    getFeeForMessage: (params, { ledger }) => {
        const [text, config] = parseParams([z.string(), contextConfig], params);
        assertContext(ledger, config);
        const bytes = decodeWire(text, 'base64', 'message');
        try {
            const message = parseMessage(bytes);
            const isKnown = ledger.hashes.slotOf(message.recentBlockhash) !== undefined;
            return withContext(ledger, isKnown ? computeFee(message) : null);
        } catch (error) {
            if (!(error instanceof MalformedTransactionError)) throw error;
            throw new RpcError(INVALID_PARAMS, `invalid message: ${error.message}`);
        }
    },
};

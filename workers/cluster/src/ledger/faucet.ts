import { COMPUTE_BUDGET_PROGRAM, decodeBase58, SYSTEM_PROGRAM } from './addresses.js';
import type { SigningKey } from './identity.js';

const TRANSFER_INSTRUCTION = 2;
const SET_COMPUTE_UNIT_LIMIT = 2;
const MIN_UNIT_LIMIT = 10_000;
const UNIT_LIMIT_STEPS = 1_000_000;

export interface AirdropInput {
    readonly faucet: SigningKey;
    /** Base58. */
    readonly recipient: string;
    readonly lamports: bigint;
    /** Base58. */
    readonly blockhash: string;
    /** Number of this airdrop. */
    readonly serial: number;
}

/**
 * A signed transfer out of the faucet, on the wire.
 *
 * The serial number goes into the compute unit limit: two equal airdrops within one slot would otherwise be the same
 * transaction, and the second be refused as already processed.
 */
export function buildAirdropTransaction(input: AirdropInput): Uint8Array {
    const isSelf = input.recipient === input.faucet.address;
    const keys: Uint8Array[] = [input.faucet.publicKey];
    if (!isSelf) keys.push(decodeBase58(input.recipient));
    const system = keys.push(decodeBase58(SYSTEM_PROGRAM)) - 1;
    const budget = keys.push(decodeBase58(COMPUTE_BUDGET_PROGRAM)) - 1;

    const limit = Buffer.alloc(5);
    limit[0] = SET_COMPUTE_UNIT_LIMIT;
    limit.writeUInt32LE(MIN_UNIT_LIMIT + (input.serial % UNIT_LIMIT_STEPS), 1);
    const transfer = Buffer.alloc(12);
    transfer.writeUInt32LE(TRANSFER_INSTRUCTION, 0);
    transfer.writeBigUInt64LE(input.lamports, 4);

    const message = Buffer.concat([
        Buffer.from([1, 0, 2, keys.length]),
        ...keys,
        decodeBase58(input.blockhash),
        Buffer.from([2, budget, 0, limit.length]),
        limit,
        Buffer.from([system, 2, 0, isSelf ? 0 : 1, transfer.length]),
        transfer,
    ]);
    return Buffer.concat([Buffer.from([1]), input.faucet.sign(message), message]);
}

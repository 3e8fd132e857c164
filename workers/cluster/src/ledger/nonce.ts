import type { AccountView } from '../types.js';
import { readAddress, SYSTEM_PROGRAM, viewOf } from './addresses.js';
import type { WireMessage } from './wire-transaction.js';

const ADVANCE_NONCE_INSTRUCTION = 4;
const NONCE_ACCOUNT_BYTES = 80;
const NONCE_INITIALIZED = 1;
const AUTHORITY_OFFSET = 8;
const NONCE_VALUE_OFFSET = 40;

/**
 * Whether a message lives by a durable nonce: its first instruction advances a nonce account whose stored value is the
 * message's blockhash, signed by the nonce authority. Such a message needs no recent blockhash.
 */
export function isDurableNonceMessage(
    message: WireMessage,
    getAccount: (address: string) => AccountView | undefined,
): boolean {
    const first = message.instructions[0];
    if (first === undefined || message.staticKeys[first.programIndex] !== SYSTEM_PROGRAM) return false;
    if (first.data.length < 4 || viewOf(first.data).getUint32(0, true) !== ADVANCE_NONCE_INSTRUCTION) return false;
    const nonceKey = message.staticKeys[first.accounts[0] ?? -1];
    if (nonceKey === undefined) return false;
    const account = getAccount(nonceKey);
    if (account?.owner !== SYSTEM_PROGRAM || account.data.length !== NONCE_ACCOUNT_BYTES) return false;
    if (viewOf(account.data).getUint32(4, true) !== NONCE_INITIALIZED) return false;
    if (readAddress(account.data, NONCE_VALUE_OFFSET) !== message.recentBlockhash) return false;
    const authority = readAddress(account.data, AUTHORITY_OFFSET);
    return [...first.accounts].some(
        (index) => index < message.requiredSignatures && message.staticKeys[index] === authority,
    );
}

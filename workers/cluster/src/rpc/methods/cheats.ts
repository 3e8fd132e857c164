import { z } from 'zod';
import {
    decodeBase58,
    SYSTEM_PROGRAM,
    TOKEN_PROGRAM,
    TOKEN_PROGRAMS,
    UPGRADEABLE_LOADER,
    viewOf,
} from '../../ledger/addresses.js';
import { associatedTokenAddress, programDataAddress } from '../../ledger/derived-addresses.js';
import { LOADERS } from '../../ledger/programs.js';
import { TOKEN_ACCOUNT_BYTES, tokenAccountKind } from '../../ledger/token-accounts.js';
import { MAX_ACCOUNT_BYTES, SLOTS_PER_EPOCH } from '../../limits.js';
import { type RpcContext, type RpcMethods, withContext } from '../context.js';
import { invalidParams } from '../errors.js';
import { parseParams, pubkeySchema, unsignedSchema } from '../params.js';
import { epochInfo } from './cluster.js';

/** Furthest single jump: ten years, so that a millisecond value given as seconds is refused. */
const MAX_TRAVEL_SECONDS = 10 * 366 * 86_400;

/** First byte of a ProgramData account of the upgradeable loader. */
const PROGRAM_DATA_STATE = 3;

const hexSchema = z
    .string()
    .max(2 + MAX_ACCOUNT_BYTES * 2)
    .regex(/^(0x)?([0-9a-fA-F]{2})*$/, 'must be hex');

const accountUpdate = z.looseObject({
    lamports: unsignedSchema.nullish(),
    data: hexSchema.nullish(),
    owner: pubkeySchema.nullish(),
    executable: z.boolean().nullish(),
    rentEpoch: z.number().nullish(),
});

const tokenAccountUpdate = z.looseObject({
    amount: unsignedSchema.nullish(),
    state: z.enum(['uninitialized', 'initialized', 'frozen']).nullish(),
});

const travelConfig = z
    .looseObject({
        absoluteTimestamp: unsignedSchema.nullish(),
        absoluteSlot: unsignedSchema.nullish(),
        absoluteEpoch: unsignedSchema.nullish(),
    })
    .nullish();

function decodeHex(text: string): Uint8Array {
    return Buffer.from(text.startsWith('0x') ? text.slice(2) : text, 'hex');
}

function setAccount(params: readonly unknown[], { ledger }: RpcContext): object {
    const [address, update] = parseParams([pubkeySchema, accountUpdate], params);
    const current = ledger.getAccount(address);
    const executable = update.executable ?? current?.executable ?? false;
    const owner = update.owner ?? current?.owner ?? SYSTEM_PROGRAM;
    // The runtime ends the process on an executable account it has no loader for.
    if (executable && !LOADERS.has(owner)) throw invalidParams('an executable account must be owned by a BPF loader');
    if (current?.executable === true && (!executable || update.lamports === 0)) {
        throw invalidParams('a loaded program cannot be removed');
    }
    // A program whose code is cut short could not be loaded again at the next start.
    if (current?.owner === UPGRADEABLE_LOADER && current.data[0] === PROGRAM_DATA_STATE) {
        throw invalidParams(
            'the code of a program is not changed this way; deploy it, or use surfnet_setProgramAuthority',
        );
    }
    ledger.setAccount(address, {
        lamports: BigInt(update.lamports ?? current?.lamports ?? 0),
        data: update.data != null ? decodeHex(update.data) : (current?.data ?? new Uint8Array()),
        owner,
        executable,
        rentEpoch: 0n,
    });
    return withContext(ledger, null);
}

function setTokenAccount(params: readonly unknown[], { ledger }: RpcContext): object {
    const [owner, mint, update, program] = parseParams(
        [pubkeySchema, pubkeySchema, tokenAccountUpdate, pubkeySchema.nullish()],
        params,
    );
    const tokenProgram = program ?? TOKEN_PROGRAM;
    if (!TOKEN_PROGRAMS.has(tokenProgram)) throw invalidParams('params[3]: unrecognized Token program id');
    const mintAccount = ledger.getAccount(mint);
    if (mintAccount?.owner !== tokenProgram || tokenAccountKind(mintAccount) !== 'mint') {
        throw invalidParams('params[1]: not a mint of that token program');
    }
    const address = associatedTokenAddress(owner, mint, tokenProgram);
    const current = ledger.getAccount(address);
    const data = Buffer.from(current?.data ?? new Uint8Array(TOKEN_ACCOUNT_BYTES));
    data.set(decodeBase58(mint), 0);
    data.set(decodeBase58(owner), 32);
    if (update.amount != null) viewOf(data).setBigUint64(64, BigInt(update.amount), true);
    data[108] = update.state === 'frozen' ? 2 : update.state === 'uninitialized' ? 0 : 1;
    const lamports = current?.lamports ?? ledger.minimumBalance(data.length);
    ledger.setAccount(address, { lamports, data, owner: tokenProgram, executable: false, rentEpoch: 0n });
    return withContext(ledger, null);
}

function setProgramAuthority(params: readonly unknown[], { ledger }: RpcContext): object {
    const [program, authority] = parseParams([pubkeySchema, pubkeySchema.nullish()], params);
    const address = programDataAddress(program);
    const current = ledger.getAccount(address);
    if (current?.owner !== UPGRADEABLE_LOADER) throw invalidParams('params[0]: not an upgradeable program');
    const data = Uint8Array.from(current.data);
    data[12] = authority == null ? 0 : 1;
    data.set(authority == null ? new Uint8Array(32) : decodeBase58(authority), 13);
    ledger.setAccount(address, { ...current, data });
    return withContext(ledger, null);
}

/** Forward only, as Surfpool's; a target in the past is refused rather than passed over, so that no test runs on air. */
function timeTravel(params: readonly unknown[], context: RpcContext): object {
    const { ledger } = context;
    const [config] = parseParams([travelConfig], params);
    const { slot, unixTimestamp } = ledger.clock;
    if (config?.absoluteTimestamp != null) {
        const seconds = Math.ceil(config.absoluteTimestamp / 1_000) - Number(unixTimestamp);
        if (seconds < 0 || seconds > MAX_TRAVEL_SECONDS) {
            throw invalidParams(
                `absoluteTimestamp is in milliseconds and may lie up to ten years ahead; the cluster's time is ${unixTimestamp}000`,
            );
        }
        ledger.travel(seconds);
    } else {
        const target =
            config?.absoluteSlot ??
            (config?.absoluteEpoch == null ? undefined : config.absoluteEpoch * Number(SLOTS_PER_EPOCH));
        if (target === undefined) throw invalidParams('name absoluteTimestamp, absoluteSlot or absoluteEpoch');
        const slots = BigInt(target) - slot;
        if (slots < 0n || Number(slots) * 0.4 > MAX_TRAVEL_SECONDS) {
            throw invalidParams(`time moves forward only, by up to ten years; the cluster is at slot ${slot}`);
        }
        if (slots > 0n) ledger.advanceSlots(slots);
    }
    return epochInfo(context);
}

/** Methods that change what no transaction could; named and shaped like Surfpool's. */
export const cheatMethods: RpcMethods = {
    surfnet_setAccount: setAccount,
    surfnet_setTokenAccount: setTokenAccount,
    surfnet_setProgramAuthority: setProgramAuthority,
    surfnet_timeTravel: timeTravel,
    surfnet_pauseClock: (params, context) => {
        parseParams([], params);
        context.ledger.keepTime();
        context.ledger.clock.pause();
        return epochInfo(context);
    },
    surfnet_resumeClock: (params, context) => {
        parseParams([], params);
        context.ledger.clock.resume();
        return epochInfo(context);
    },
};

import { generateKeyPair } from '@ocm/sdk/core';
import { Keypair } from '@solana/web3.js';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createContract, namedAddress } from '../../runtime/tests/support/sessions.js';
import { lookAtContracts } from '../src/commands/issuers.js';
import { readinessOf } from '../src/commands/readiness.js';
import { createWorld, type World } from './support/world.js';

let world: World;
beforeEach(async () => {
    world = await createWorld();
});
afterEach(() => world.dispose());

const RPC_URL = 'http://127.0.0.1:8899';
const reasonOf = async (contracts: readonly { address: typeof world.contract.address }[], issuers: unknown[]) => {
    const look = await lookAtContracts({
        chain: {
            ...world.chain,
            fetchContract: async (address) =>
                [world.contract, other].find((each) => each.address.equals(address)) ?? null,
        },
        contracts: contracts.map(({ address }) => address),
        keys: { find: (key) => (issuers.some((held) => key.equals(held as never)) ? Keypair.generate() : undefined) },
    });
    const { ready, reason } = readinessOf(look, RPC_URL) as { ready: boolean; reason?: string };
    return ready ? null : reason;
};
const other = createContract(generateKeyPair(), 'other');

it('is ready while the chain answers, has the contracts, and their issuer keys are held', async () => {
    expect(await reasonOf([world.contract], [world.contract.issuer[0]])).toBeNull();
    expect(await reasonOf([world.contract], [])).toContain('1 issuer keys');
    expect(await reasonOf([world.contract, other], [world.contract.issuer[0]])).toContain('1 issuer keys');
    expect(await reasonOf([{ address: namedAddress('nowhere') }], [])).toContain('1 of the configured contracts');
    expect(readinessOf({ atMs: Date.now() - 31_000, unknownContracts: 0, missingIssuers: 0 }, RPC_URL).ready).toBe(
        false,
    );
});

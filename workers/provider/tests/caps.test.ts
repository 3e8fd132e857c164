import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeToken, fromBase64, generateKeyPair, toBase64 } from '@ocm/sdk/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EPOCH_SECS, GENESIS_SECS } from '../../runtime/tests/support/sessions.js';
import { DEFAULT_CAPS, findWindow, resolveCaps, type TokenCapsConfig } from '../src/tokens/caps.js';
import { createWorld, type World } from './support/world.js';

let world: World;
beforeEach(async () => {
    world = await createWorld();
});
afterEach(() => world.dispose());

const SESSION_BYTES = 1_000;
const freshKey = () => toBase64(generateKeyPair().publicKey);
const ask = (caps: TokenCapsConfig, address = '192.0.2.1', clientPublicKey = freshKey()) =>
    world.tokenIssuer({ maxSessionBytes: SESSION_BYTES, ...caps }).issue({
        node: world.node.toBase58(),
        clientPublicKey,
        address,
    });
const refusal = (code: string, retryAfterSecs: number) => ({
    code: `MKT_PROVIDER__${code}`,
    context: { retryAfterSecs },
});
/** The world's clock begins 30 s into an epoch of 60 s. */
const TO_EPOCH_END_SECS = 30;

describe('caps of tokens', () => {
    it('grant no session more than its cap, the protocol or the contract allow, whichever is least', async () => {
        const maxBytesOf = async (caps: TokenCapsConfig) => decodeToken(fromBase64((await ask(caps)).token)).maxBytes;
        expect(await maxBytesOf({ maxSessionBytes: 7 })).toBe(7n);
        expect(await maxBytesOf({ maxSessionBytes: DEFAULT_CAPS.maxSessionBytes })).toBe(1_000_000_000n);
        world.contract.capKilobitsPerSecond = 1n;
        expect(await maxBytesOf({ maxSessionBytes: 8_000 })).toBe(BigInt(125 * EPOCH_SECS));
    });

    it('let a client key hold so many open tokens, and more when those have expired', async () => {
        const caps = { openTokensPerClientKey: 2 };
        const key = freshKey();
        for (const _ of [1, 2]) await ask(caps, '192.0.2.1', key);
        // Tokens last 10 s beyond their epoch.
        const refused = refusal('CLIENT_KEY_CAPPED', TO_EPOCH_END_SECS + 10);
        await expect(ask(caps, '198.51.100.1', key)).rejects.toMatchObject(refused);
        await world.restart();
        await expect(ask(caps, '198.51.100.1', key)).rejects.toMatchObject(refused);
        await ask(caps, '192.0.2.1', freshKey());
        world.clock.nowSecs += TO_EPOCH_END_SECS + 9;
        await expect(ask(caps, '192.0.2.1', key)).rejects.toMatchObject(refusal('CLIENT_KEY_CAPPED', 1));
        world.clock.nowSecs += 1;
        await ask(caps, '192.0.2.1', key);
    });

    it('let a prefix have so many tokens in an epoch, also across a restart, and other prefixes theirs', async () => {
        const caps = { tokensPerPrefix: 2 };
        await ask(caps, '192.0.2.1');
        await ask(caps, '192.0.2.254');
        const refused = refusal('PREFIX_TOKENS_CAPPED', TO_EPOCH_END_SECS);
        await expect(ask(caps, '192.0.2.9')).rejects.toMatchObject(refused);
        await world.restart();
        await expect(ask(caps, '::ffff:192.0.2.9')).rejects.toMatchObject(refused);
        await ask(caps, '192.0.3.1');
        for (const subnet of ['0', 'ffff']) await ask(caps, `2001:db8:1:${subnet}::1`);
        await expect(ask(caps, '2001:db8:1:abcd::3')).rejects.toMatchObject(refused);
        await ask(caps, '2001:db8:2::3');
        world.clock.nowSecs += TO_EPOCH_END_SECS;
        await ask(caps, '192.0.2.9');
    });

    it('grant a prefix so many bytes and not one more', async () => {
        const caps = { bytesPerPrefix: 2 * SESSION_BYTES };
        for (const _ of [1, 2]) await ask(caps);
        await expect(ask({ ...caps, maxSessionBytes: 1 })).rejects.toMatchObject(
            refusal('PREFIX_BYTES_CAPPED', TO_EPOCH_END_SECS),
        );
        await ask({ ...caps, bytesPerPrefix: 2 * SESSION_BYTES + 1, maxSessionBytes: 1 });
        await expect(ask({ bytesPerPrefix: SESSION_BYTES - 1 }, '198.51.100.1')).rejects.toMatchObject({
            code: 'MKT_PROVIDER__PREFIX_BYTES_CAPPED',
        });
    });

    it('bound a client group, which many prefixes share, in tokens and in bytes', async () => {
        for (const place of [1, 2]) await ask({ tokensPerGroup: 3 }, `192.0.${place}.1`);
        await world.restart();
        await ask({ tokensPerGroup: 3 }, '192.0.3.1');
        await expect(ask({ tokensPerGroup: 3 }, '192.0.4.1')).rejects.toMatchObject(
            refusal('GROUP_TOKENS_CAPPED', TO_EPOCH_END_SECS),
        );
        await ask({ bytesPerGroup: 4 * SESSION_BYTES }, '192.0.4.1');
        await expect(ask({ bytesPerGroup: 5 * SESSION_BYTES - 1 }, '192.0.5.1')).rejects.toMatchObject(
            refusal('GROUP_BYTES_CAPPED', TO_EPOCH_END_SECS),
        );
    });

    it('are not exceeded by requests that come at once, and what is refused is not counted', async () => {
        const answers = await Promise.allSettled(Array.from({ length: 20 }, () => ask({ tokensPerPrefix: 5 })));
        expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
        expect(world.ledger.tokenCount).toBe(5);
        await ask({ tokensPerPrefix: 6 });
    });

    it('keep no address in any file, and nothing to find a prefix again once its window has ended', async () => {
        await ask({}, '203.0.113.77');
        const read = (name: string) => readFile(join(world.folder, name), 'latin1');
        const files = async () => Promise.all(['caps.journal', 'groups.json', 'pseudonyms.json'].map(read));
        for (const text of [...(await files()), await read('provider.journal')]) {
            expect(text).not.toContain('203.0.113');
            expect(text).not.toContain(Buffer.from([203, 0, 113]).toString('latin1'));
        }
        expect((await files())[2]).toContain('"prefix/');
        expect((await files())[0]).toContain('prefix/');
        await world.grants.forget(GENESIS_SECS + EPOCH_SECS - 1);
        expect((await files())[2]).toContain('"prefix/');
        await world.grants.forget(GENESIS_SECS + EPOCH_SECS);
        expect((await files())[2]).not.toContain('"prefix/');
        expect((await files())[0]).not.toContain('prefix/');
        await world.grants.forget(GENESIS_SECS + 86_400);
        expect((await files())[2]).toBe('{"version":1,"keys":[]}\n');
        expect((await files())[1]).toBe('{"version":1,"tables":[]}\n');
    });
});

describe('windows and configured caps', () => {
    it('count in hours where an epoch is longer, and never beyond its end', () => {
        const contract = { genesisAt: 1_000n, epochLengthSecs: 5_400 };
        expect(findWindow(contract, 0, 1_000)).toEqual({ beginsAtSecs: 1_000, endsAtSecs: 4_600 });
        expect(findWindow(contract, 0, 4_599)).toEqual({ beginsAtSecs: 1_000, endsAtSecs: 4_600 });
        expect(findWindow(contract, 0, 4_600)).toEqual({ beginsAtSecs: 4_600, endsAtSecs: 6_400 });
        expect(findWindow(contract, 1, 6_400)).toEqual({ beginsAtSecs: 6_400, endsAtSecs: 10_000 });
    });

    it('take the contract’s own value, then that of all contracts, then the default', () => {
        const caps = resolveCaps('a', { tokensPerGroup: 5, tokensPerPrefix: 6 }, { a: { tokensPerGroup: 7 } });
        expect(caps).toEqual({ ...DEFAULT_CAPS, tokensPerGroup: 7, tokensPerPrefix: 6 });
    });
});

import { describe, expect, it } from 'vitest';
import { readRuntimeConfig, toPublicConfig } from './config';
import { buildContentSecurityPolicy, toOrigins } from './content-security-policy';
import { toCsv } from './csv';
import { mapLimited } from './map-limited';
import { isPrivateAddress } from './private-address';
import { formatDuration, formatTime } from './time';

describe('the configuration', () => {
    it('works without any variable and polls a local cluster often', () => {
        const config = readRuntimeConfig({});
        expect(config.rpcUrl).toBe('http://127.0.0.1:8899');
        expect(config.wsUrl).toBe('ws://127.0.0.1:8900/');
        expect(config.local).toBe(true);
        expect(config.contracts).toEqual([]);
    });

    it('treats an empty variable as absent', () => {
        expect(readRuntimeConfig({ CAST_URL: '' }).castUrl).toBeNull();
    });

    it('names each wrong variable', () => {
        expect(() => readRuntimeConfig({ CAST_URL: 'ftp://x', STREAM_PATH: 'live.m3u8' })).toThrow(
            /CAST_URL.*STREAM_PATH/,
        );
        expect(() => readRuntimeConfig({ PAYEE_LABELS: '{' })).toThrow(/PAYEE_LABELS/);
        expect(() => readRuntimeConfig({ CONTRACTS: 'not an address' })).toThrow(/CONTRACTS/);
    });

    it('gives browsers the public endpoint and never the one with a key', () => {
        const config = readRuntimeConfig({
            RPC_URL: 'https://rpc.example/?api-key=secret',
            PUBLIC_RPC_URL: 'https://rpc.example',
        });
        expect(JSON.stringify(toPublicConfig(config))).not.toContain('secret');
        expect(config.local).toBe(false);
    });
});

describe('the content security policy', () => {
    const policy = buildContentSecurityPolicy({
        nonce: 'abc',
        connect: ['http://127.0.0.1:8899/rpc?api-key=secret', 'http://127.0.0.1:8899', 'nonsense'],
        development: false,
    });

    it('allows the configured origins once each and carries neither paths nor keys', () => {
        expect(policy).toContain("connect-src 'self' http://127.0.0.1:8899;");
        expect(policy).not.toContain('secret');
    });

    it('allows no inline code without the nonce', () => {
        expect(policy).not.toContain('unsafe');
        expect(policy).toContain("'nonce-abc'");
        expect(policy).toContain("default-src 'none'");
    });

    it('lets no endpoint text from the chain add a directive', () => {
        expect(toOrigins(["http://a.example; script-src 'unsafe-inline'", 'http://b.example/;x'])).toEqual([
            'http://b.example',
        ]);
    });
});

describe('private addresses', () => {
    it.each([
        '127.0.0.1',
        '10.1.2.3',
        '172.16.0.1',
        '192.168.1.1',
        '169.254.169.254',
        '100.64.0.1',
        '0.0.0.0',
        '224.0.0.1',
    ])('counts %s as private', (host) => expect(isPrivateAddress(host)).toBe(true));
    it.each(['[::1]', '[fe80::1]', '[fd00::1]', '[::ffff:127.0.0.1]', '[::ffff:7f00:1]', 'localhost', 'metadata'])(
        'counts %s as private',
        (host) => expect(isPrivateAddress(host)).toBe(true),
    );
    it.each(['93.184.216.34', '172.32.0.1', '[2606:2800:220:1::1]'])('counts %s as public', (host) =>
        expect(isPrivateAddress(host)).toBe(false),
    );
});

describe('exports and times', () => {
    it('quotes what spreadsheets would run or split', () => {
        expect(toCsv([{ a: '=1+1', b: 'x,"y"', c: null }])).toBe('a,b,c\r\n\'=1+1,"x,""y""",\r\n');
    });

    it('names the zone of every time', () => {
        expect(formatTime(1_760_000_000_000)).toBe('2025-10-09 08:53:20 UTC');
        expect(formatDuration(90)).toBe('1 min 30 s');
        expect(formatDuration(0)).toBe('0 s');
    });
});

describe('mapLimited', () => {
    it('keeps order and never exceeds the limit', async () => {
        let running = 0;
        let most = 0;
        const results = await mapLimited([30, 1, 20, 2], 2, async (delayMs) => {
            running += 1;
            most = Math.max(most, running);
            await new Promise((resolve) => setTimeout(resolve, delayMs));
            running -= 1;
            return delayMs * 2;
        });
        expect(results).toEqual([60, 2, 40, 4]);
        expect(most).toBe(2);
    });
});

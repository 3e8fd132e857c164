import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const programs = fileURLToPath(new URL('../../programs', import.meta.url));
const workspace = readFileSync(`${programs}/../Cargo.toml`, 'utf8');
const sources = readdirSync(programs, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\/src\/.*\.rs$/.test(file) && !/test|target/.test(file))
    .map((file) => ({ file, text: readFileSync(`${programs}/${file}`, 'utf8') }));
const instructions = sources.filter(({ file }) => file.includes('/instructions/'));

/** Files with a match, and what matched. */
const found = (pattern: RegExp, within = sources) =>
    within.flatMap(({ file, text }) => [...text.matchAll(pattern)].map((match) => `${file}: ${match[0].trim()}`));

/** Rules of the threat table that no patch of a few lines could break: they hold for all of the sources or not at all. */
describe('the sources of the programs', () => {
    it('are read at all', () => {
        expect(instructions.length).toBeGreaterThan(100);
    });

    it('name no account without its type, but for those that say why', () => {
        expect(found(/pub \w+: (?:Box<)?AccountInfo<'info>/g, instructions)).toEqual([]);
        const unchecked = instructions.flatMap(({ file, text }) => {
            const lines = text.split('\n');
            const isExplained = (at: number): boolean => {
                const line = lines[at - 1]?.trim() ?? '';
                return (
                    line.startsWith('/// CHECK:') ||
                    (/^(\/\/\/|#\[|\)|\w|@|&|[\]})])/.test(line) && isExplained(at - 1))
                );
            };
            return lines.flatMap((line, at) =>
                /^\s*pub \w+: UncheckedAccount/.test(line) && !isExplained(at) ? [`${file}: ${line.trim()}`] : [],
            );
        });
        expect(unchecked).toEqual([]);
    });

    it('read accounts by their type, each type under a prefix of its own', () => {
        // What a called program returned is no account.
        expect(found(/try_from_slice/g)).toEqual(['settlement/src/market_cpi.rs: try_from_slice']);
        for (const program of ['registry', 'market', 'settlement', 'governance']) {
            const constants = sources.filter(({ file }) => file === `${program}/src/constants.rs`);
            const seeds = found(/_SEED: &\[u8\] = b"\w+"/g, constants).map((seed) => seed.split('"')[1]);
            expect(new Set(seeds).size).toBe(seeds.length);
            expect(seeds.length).toBeGreaterThan(3);
        }
    });

    it('create no account twice: only token accounts of a receiver, and what rewards were paid', () => {
        const creating = found(/init_if_needed,\s+payer = payer,\s+(.+)/g, instructions);
        const others = creating.filter((match) => !match.includes('associated_token::mint = mint'));
        expect(others.map((match) => match.split(':')[0]).sort()).toEqual([
            'settlement/src/instructions/reward/claim_reward.rs',
            'settlement/src/instructions/reward/prove_reward.rs',
        ]);
    });

    it('call token programs and each other by their types', () => {
        const untyped = found(/pub (?:\w+_program|\w*program): UncheckedAccount.*/g, instructions);
        // These three are only passed on to the market, which types them.
        expect(untyped.filter((match) => !match.includes('fail_commitment.rs'))).toEqual([]);
        const passedOn = readFileSync(`${programs}/market/src/instructions/record_failure.rs`, 'utf8');
        expect(passedOn).toMatch(/pub token_program: Interface<'info, TokenInterface>/);
        expect(passedOn).toMatch(/pub registry_program: Program<'info, Registry>/);
    });

    it('cannot overflow unseen', () => {
        expect(workspace).toContain('overflow-checks = true');
        expect(workspace).toMatch(/arithmetic_side_effects = "deny"/);
        for (const program of ['registry', 'market', 'settlement', 'governance', 'protocol-core']) {
            expect(readFileSync(`${programs}/${program}/Cargo.toml`, 'utf8')).toMatch(/\[lints\]\nworkspace = true/);
        }
    });

    it('move lamports in one place only, where an account shrinks', () => {
        const moving = found(/(?:sub|add)_lamports|lamports\.borrow_mut/g).map((match) => match.split(':')[0]);
        expect([...new Set(moving)]).toEqual(['registry/src/instructions/close_participant.rs']);
    });

    it('take the time of the clock and the slot, and nothing else of it', () => {
        expect(found(/\b(?:epoch_start_timestamp|leader_schedule_epoch)\b/g)).toEqual([]);
        expect(found(/Clock::get\(\)\?\s*\.(?!unix_timestamp|slot)\w+/g)).toEqual([]);
    });

    it('bound every list that a proof or a settlement walks through', () => {
        const bounds = found(/pub const MAX_(?:DEPTH|BUCKET_ENTRIES|SPLITS|SAMPLES): \w+ = \d+;/g);
        expect(bounds.map((bound) => bound.replace(/.*const /, '')).sort()).toEqual([
            'MAX_BUCKET_ENTRIES: usize = 8;',
            'MAX_DEPTH: u8 = 20;',
            'MAX_SAMPLES: u8 = 8;',
            'MAX_SAMPLES: usize = 8;',
            'MAX_SPLITS: usize = 8;',
        ]);
    });

    it('tell of every transfer by an instruction, which no log can cut off', () => {
        const moving = instructions.filter(({ text }) =>
            /transfer_checked\(|pay_from_\w+\(|pay_into_\w+\(|\.pay\(|deposit\(/.test(text),
        );
        expect(moving.length).toBeGreaterThan(20);
        expect(moving.filter(({ text }) => !text.includes('emit_cpi!')).map(({ file }) => file)).toEqual([]);
    });

    it('begin every account with its version', () => {
        const accounts = found(/#\[account(?:\([^)]*\)+)?\][^{;]*?pub struct \w+[^{]*\{\s*pub \w+: \w+/g);
        expect(accounts.length).toBeGreaterThan(15);
        expect(accounts.filter((match) => !match.endsWith('pub version: u8'))).toEqual([]);
    });
});

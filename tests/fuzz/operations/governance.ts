import { PARAM_SETS, packParams, VALID_SETS } from '../model/params.js';
import { Pack } from '../pack.js';
import { AUDITORS, PARTIES, STRANGER } from './common.js';
import { operation } from './types.js';

const PEOPLE = ['guardian', 'board', STRANGER] as const;
const TIMELOCK_SECS = 1;
const MAX_PAUSE_SECS = 7 * 86_400;
const ALL_BITS = 7;
const mayPause = (by: string) => by === 'guardian' || by === 'board';
/** The board and the guardian may, whoever of them. */
const isPauser = (_params: object, account: string, other: string) =>
    account === 'authority' && mayPause(other.replace('wallet:', ''));

export const pause = operation<{ by: string; bits: number; until: number }>({
    name: 'pause',
    weight: 1,
    isHarmless: isPauser,
    propose: ({ now }, random) => ({
        by: random.pick(PEOPLE),
        bits: random.chance(0.9) ? random.int(1, ALL_BITS) : random.pick([0, 8, 65_535]),
        until: now + random.pick([10, 30, 60, 60, 0, random.chance(0.2) ? MAX_PAUSE_SECS + 1 : 20]),
    }),
    call: ({ by, bits, until }) => ({
        program: 'registry',
        instruction: 'pause',
        accounts: { authority: `wallet:${by}` },
        args: new Pack().u16(bits).i64(until).done(),
    }),
    refusal: ({ config, now }, { by, bits, until }) => {
        if (!mayPause(by)) return 'neither board nor guardian';
        if (bits === 0 || bits > ALL_BITS) return 'bits that are none';
        if (until <= now || until > now + MAX_PAUSE_SECS) return 'an end out of range';
        // As long a rest as the pause lasted (decision 0024).
        return now < 2 * config.pauseUntil - config.pausedAt ? 'paused, or resting' : null;
    },
    apply: (model, { bits, until }) => {
        Object.assign(model.config, { pauseBits: bits, pausedAt: model.now, pauseUntil: until });
    },
});

export const unpause = operation<{ by: string }>({
    name: 'unpause',
    weight: 1,
    isHarmless: isPauser,
    propose: ({ config, now }, random) =>
        now < config.pauseUntil || random.chance(0.1) ? { by: random.pick(PEOPLE) } : null,
    call: ({ by }) => ({ program: 'registry', instruction: 'unpause', accounts: { authority: `wallet:${by}` } }),
    refusal: ({ config, now }, { by }) => {
        if (!mayPause(by)) return 'neither board nor guardian';
        return config.pauseBits === 0 || now >= config.pauseUntil ? 'not paused' : null;
    },
    apply: (model) => {
        Object.assign(model.config, { pauseBits: 0, pauseUntil: model.now });
    },
});

export const queueParams = operation<{ set: number; by: string }>({
    name: 'queueParams',
    weight: 1,
    propose: (_model, random) => ({
        set: random.chance(0.9) ? random.int(0, VALID_SETS - 1) : random.int(0, PARAM_SETS.length - 1),
        by: random.chance(0.9) ? 'board' : 'guardian',
    }),
    call: ({ set, by }) => ({
        program: 'registry',
        instruction: 'queueParams',
        accounts: { board: `wallet:${by}` },
        args: packParams(PARAM_SETS[set]!),
    }),
    refusal: ({ config }, { set, by }) => {
        if (by !== 'board') return 'not the board';
        if (set >= VALID_SETS) return 'out of range';
        return config.queued ? 'something is queued' : null;
    },
    apply: (model, { set }) => {
        model.config.queued = { params: PARAM_SETS[set]!, readyAt: model.now + TIMELOCK_SECS };
    },
});

export const applyParams = operation<{ set: number }>({
    name: 'applyParams',
    weight: 1,
    propose: ({ config }, random) => {
        const queued = config.queued ? PARAM_SETS.indexOf(config.queued.params) : -1;
        if (queued < 0 && random.chance(0.9)) return null;
        return { set: queued >= 0 && random.chance(0.9) ? queued : random.int(0, VALID_SETS - 1) };
    },
    call: ({ set }) => ({
        program: 'registry',
        instruction: 'applyParams',
        accounts: {},
        args: packParams(PARAM_SETS[set]!),
    }),
    refusal: ({ config, now }, { set }) => {
        if (!config.queued) return 'nothing is queued';
        if (config.queued.params !== PARAM_SETS[set]) return 'not what was queued';
        return now < config.queued.readyAt ? 'too early' : null;
    },
    apply: (model) => {
        model.config.params = model.config.queued!.params;
        model.config.queued = null;
    },
});

export const cancelParams = operation<{ by: string }>({
    name: 'cancelParams',
    weight: 1,
    propose: ({ config }, random) => (config.queued && random.chance(0.2) ? { by: random.pick(PEOPLE) } : null),
    call: ({ by }) => ({ program: 'registry', instruction: 'cancelParams', accounts: { board: `wallet:${by}` } }),
    refusal: ({ config }, { by }) => {
        if (by !== 'board') return 'not the board';
        return config.queued ? null : 'nothing is queued';
    },
    apply: (model) => {
        model.config.queued = null;
    },
});

interface AuditorParams {
    readonly by: string;
    readonly party: string;
}

const auditor = (name: string, isAdmission: boolean) =>
    operation<AuditorParams>({
        name,
        weight: 1,
        isHarmless: (_params, account, other) => account === 'participant' && other.startsWith('participant:a'),
        propose: (model, random) => {
            const fitting = AUDITORS.filter((one) => (model.participants.get(one)!.admittedAt === 0) === isAdmission);
            if (fitting.length === 0 || (!isAdmission && random.chance(0.7))) return null;
            const party = random.chance(0.9) ? random.pick(fitting) : random.pick(PARTIES);
            return { by: random.chance(0.9) ? 'board' : 'guardian', party };
        },
        call: ({ by, party }) => ({
            program: 'registry',
            instruction: name,
            accounts: { board: `wallet:${by}`, participant: `participant:${party}` },
        }),
        refusal: (model, { by, party }) => {
            const { kind, jailed, admittedAt } = model.participants.get(party)!;
            if (by !== 'board') return 'not the board';
            if (kind !== 'auditor') return 'no auditor';
            if (isAdmission && jailed) return 'jailed';
            return (admittedAt === 0) === isAdmission ? null : 'so already';
        },
        apply: (model, { party }) => {
            model.participants.get(party)!.admittedAt = isAdmission ? model.now : 0;
        },
    });

export const admitAuditor = auditor('admitAuditor', true);
export const dismissAuditor = auditor('dismissAuditor', false);

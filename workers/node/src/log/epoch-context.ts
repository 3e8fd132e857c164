import type { EpochFacts } from './epoch-facts.js';
import { nameGroups } from './groups.js';
import { listRecordFields, Places, type RecordContext } from './record-fields.js';
import type { LogRules } from './rules.js';
import type { EncryptionKeys } from './transforms.js';

export interface EpochKeys {
    epochKey: Uint8Array;
    keys: EncryptionKeys;
}

/** What all records of an epoch share; `groups` are at least those of the sessions whose records are made with it. */
export const contextOf = (rules: LogRules, keys: EpochKeys, groups: ReadonlyMap<string, string>): RecordContext => ({
    rules,
    ...keys,
    fields: listRecordFields(rules),
    transforms: Object.entries(rules.transforms),
    groups,
    places: new Places(rules),
});

/** Groups are counted over the sessions that records tell of. */
export function nameRecorded({ sessions, recorded, rules }: EpochFacts): ReadonlyMap<string, string> {
    const named = [...sessions.values()].filter(({ hash }) => recorded.has(hash));
    return nameGroups(named, rules.minGroupSize);
}

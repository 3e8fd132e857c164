/** How often the origin was asked for each object, by the address that asked. */
export type OriginCounts = Record<string, Record<string, number>>;
export type Asked = ReadonlyMap<string, number>;

/** What a host has asked for of the stream's parts; playlists are asked for anew each second, by design. */
export const partsAskedBy = (counts: OriginCounts, { ip }: { ip: string }): Asked =>
    new Map(Object.entries(counts[ip] ?? {}).filter(([path]) => /\.(m4s|mp4)$/.test(path)));

export const together = (one: Asked, other: Asked): Asked =>
    new Map([...one.keys(), ...other.keys()].map((path) => [path, (one.get(path) ?? 0) + (other.get(path) ?? 0)]));

export function askedSince(before: Asked, now: Asked): Asked {
    const rest = new Map<string, number>();
    for (const [path, times] of now) {
        const more = times - (before.get(path) ?? 0);
        if (more > 0) rest.set(path, more);
    }
    return rest;
}

export const moreThanOnce = (asked: Asked): [path: string, times: number][] =>
    [...asked].filter(([, times]) => times > 1);

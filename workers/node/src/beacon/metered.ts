import { execFile } from 'node:child_process';

const TIMEOUT_MS = 2_000;
/** NMMetered of NetworkManager (since 1.2): 0 unknown, 1 yes, 2 no, 3 guessed yes, 4 guessed no. */
const METERED = new Set([1, 3]);

/**
 * Whether NetworkManager takes the default connection for metered; null where it does not run. Asked through `busctl` of
 * systemd, which every system with NetworkManager has.
 */
export function askMetered(program = 'busctl'): Promise<boolean | null> {
    const path = '/org/freedesktop/NetworkManager';
    const name = 'org.freedesktop.NetworkManager';
    return new Promise((resolve) => {
        const options = { timeout: TIMEOUT_MS, maxBuffer: 4096 };
        execFile(program, ['get-property', name, path, name, 'Metered'], options, (error, output) => {
            const match = error === null ? /^u ([0-4])\s*$/.exec(output) : null;
            resolve(match === null ? null : METERED.has(Number(match[1])));
        });
    });
}

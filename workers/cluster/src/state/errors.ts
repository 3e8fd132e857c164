/** The state folder cannot be used as it is; the message names the file and the remedy. Nothing was overwritten. */
export class StateError extends Error {
    override readonly name = 'StateError';
}

export function damaged(file: string, detail: string, cause?: unknown): StateError {
    return new StateError(
        `${file} is damaged (${detail}); nothing was changed. Restore the folder from a copy, or start over with --reset`,
        { cause },
    );
}

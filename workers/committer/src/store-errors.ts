import { failure } from '@ocm/runtime';

export function corrupt(path: string, reason: string, cause?: unknown): Error {
    return failure(
        'MKT_COMMITTER__STORE_CORRUPT',
        `${path} is damaged (${reason}); restore it from a backup, or remove it to have it collected again`,
        {},
        cause,
    );
}

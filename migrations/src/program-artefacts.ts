import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

export const PROGRAM_NAMES = ['registry', 'market', 'settlement', 'governance'] as const;
export type ProgramName = (typeof PROGRAM_NAMES)[number];

/** The built program as the SDK ships it. */
export async function readProgramArtefact(name: ProgramName): Promise<Uint8Array> {
    return readFile(fileURLToPath(import.meta.resolve(`@ocm/sdk/programs/${name}.so`)));
}

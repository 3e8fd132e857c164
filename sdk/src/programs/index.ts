export type { AccountsOf, ArgsOf, ErrorName, EventName, InstructionName } from './idl-types.js';
export {
    deriveDevelopmentProgramSeed,
    findProgramName,
    IDLS,
    type Idls,
    PROGRAM_IDS,
    PROGRAM_NAMES,
    type ProgramName,
} from './ids.js';
export { buildInstruction } from './instruction.js';

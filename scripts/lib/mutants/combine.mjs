// All mutants in one build: each mutated function keeps its body and gets those of its mutants beside it; two bytes of the
// built program say which of them runs. What is not within a function is built by itself.
import { findFunctions } from './rust-functions.mjs';

const MARKER = 'OCM-MUTANT:';
/** As the marker stands in a program that breaks nothing: no mutant has this number. */
const NONE = `${MARKER}00`;

const SWITCH = `
#[used]
static OCM_MUTANT: [u8; ${NONE.length}] = *b"${NONE}";
#[inline(never)]
pub(crate) fn ocm_mutant(number: u16) -> bool {
    // SAFETY: both bytes are within the array; volatile, as the runner changes them in the built program.
    let byte = |place: usize| unsafe { core::ptr::read_volatile(&OCM_MUTANT[place]) };
    u16::from_be_bytes([byte(${NONE.length - 2}), byte(${NONE.length - 1})]) == number
}
`;

/** The lines that a hunk changes, as ranges of the source. @returns {{ start: number, end: number, text: string }} */
export function locate(source, hunk) {
    const [before, after] = [hunk.before, hunk.after].map((lines) => lines.map((line) => `${line}\n`));
    const wanted = before.join('');
    const expected = source.split('\n', hunk.line - 1).join('\n').length;
    const places = [];
    for (let at = source.indexOf(wanted); at >= 0; at = source.indexOf(wanted, at + 1)) places.push(at);
    const [place] = places.sort((a, b) => Math.abs(a - expected) - Math.abs(b - expected));
    if (place === undefined) throw new Error(`${hunk.file}: its lines are no longer there`);
    let head = 0;
    while (head < Math.min(before.length, after.length) && before[head] === after[head]) head += 1;
    let tail = 0;
    const rest = Math.min(before.length, after.length) - head;
    while (tail < rest && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
    const start = place + before.slice(0, head).join('').length;
    const end = start + before.slice(head, before.length - tail).join('').length;
    return { start, end, text: after.slice(head, after.length - tail).join('') };
}

/** The innermost function around an edit, if its result can be chosen between bodies. */
function enclosing(functions, change) {
    const inner = functions.findLast(({ start, end }) => start < change.start && change.end < end);
    return inner && !/->\s*impl\b/.test(inner.signature) ? inner : null;
}

/** A stretch of the source with its edits. */
export function edit(source, edits, from = 0, to = source.length) {
    let result = '';
    let at = from;
    for (const { start, end, text } of edits.sort((a, b) => a.start - b.start)) {
        result += source.slice(at, start) + text;
        at = end;
    }
    return result + source.slice(at, to);
}

/**
 * @param {import('./patches.mjs').Mutant[]} mutants
 * @param {(file: string) => string} read
 * @returns {{ files: Map<string, string>, numbers: Map<string, number> }} sources to write, and the number of each mutant
 *   that they hold
 */
export function combine(mutants, read) {
    const sources = new Map();
    const numbers = new Map();
    for (const { name, hunks } of mutants) {
        for (const { file } of hunks) {
            if (sources.has(file)) continue;
            const source = read(file);
            sources.set(file, { source, functions: findFunctions(source), bodies: new Map() });
        }
        const placed = hunks.map((hunk) => {
            const { source, functions } = sources.get(hunk.file);
            const change = locate(source, hunk);
            return { ...sources.get(hunk.file), change, body: enclosing(functions, change) };
        });
        if (placed.some(({ body }) => !body)) continue;
        numbers.set(name, numbers.size + 1);
        for (const { source, bodies, body } of placed) {
            const changes = placed.filter((other) => other.body === body).map(({ change }) => change);
            const variants = bodies.get(body) ?? new Map();
            variants.set(numbers.get(name), edit(source, changes, body.start, body.end));
            bodies.set(body, variants);
        }
    }
    return { files: writeVariants(sources, read), numbers };
}

function writeVariants(sources, read) {
    const files = new Map();
    for (const [file, { source, bodies }] of sources) {
        if (bodies.size === 0) continue;
        const edits = [...bodies].map(([{ start, end }, variants]) => {
            const choices = [...variants].map(([number, body]) => `if crate::ocm_mutant(${number}) ${body} else `);
            return { start, end, text: `{ ${choices.join('')}${source.slice(start, end)} }` };
        });
        files.set(file, edit(source, edits) + (files.has(file) ? SWITCH : ''));
        const library = file.replace(/\/src\/.*/, '/src/lib.rs');
        const text = files.get(library) ?? read(library);
        if (!text.includes(NONE)) files.set(library, text + SWITCH);
    }
    for (const [file, text] of files) files.set(file, text.replace('#![forbid(unsafe_code)]', ''));
    return files;
}

/** The built program with one mutant chosen. */
export function choose(program, number) {
    const bytes = Buffer.from(program);
    let count = 0;
    for (let at = bytes.indexOf(MARKER); at >= 0; at = bytes.indexOf(MARKER, at + 1)) {
        bytes.writeUInt16BE(number, at + MARKER.length);
        count += 1;
    }
    if (count === 0) throw new Error('the program has no place for the number of a mutant');
    return bytes;
}

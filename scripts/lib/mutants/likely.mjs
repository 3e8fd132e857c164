// Which tests of a file will probably notice a mutant: those that name the error of the rule it breaks. They are run first.

const TITLE = /^\s*it(?:\.each\([^\n]*\))?\(\s*(['"`])(.*?)\1/gms;

/** @param {string} source of a test file @param {import('./patches.mjs').Hunk[]} hunks @returns {string[]} beginnings of names */
export function findLikelyTests(source, hunks) {
    const lines = hunks.flatMap(({ before }) => before).join('\n');
    const errors = [...lines.matchAll(/Error::(\w+)/g)].map((match) => match[1]);
    const titles = [...source.matchAll(TITLE)];
    return titles
        .filter((match, place) => {
            const body = source.slice(match.index, titles[place + 1]?.index);
            return errors.some((error) => body.includes(`'${error}'`));
        })
        .map((match) => match[2].split(/[%$]/)[0] ?? '')
        .filter((beginning) => beginning.length > 3);
}

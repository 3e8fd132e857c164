// Where the bodies of Rust functions are: enough of a reader to put another body beside one.

/** What is not code: comments, strings, characters. Lifetimes are code. */
const SKIPPED = /\/\/[^\n]*|\/\*[\s\S]*?\*\/|b?r(#*)"[\s\S]*?"\1|b?"(?:\\[\s\S]|[^"\\])*"|b?'(?:\\[^']+|[^'\\])'/y;
const WORD = /[A-Za-z_][A-Za-z0-9_]*/y;

function matchAt(pattern, source, index) {
    pattern.lastIndex = index;
    return pattern.exec(source)?.[0] ?? '';
}

/**
 * @param {string} source
 * @returns {{ start: number, end: number, signature: string }[]} bodies with their braces, inner ones after outer ones
 */
export function findFunctions(source) {
    const found = [];
    const open = [];
    let pending = null;
    for (let index = 0; index < source.length; index += 1) {
        const token = matchAt(SKIPPED, source, index) || matchAt(WORD, source, index);
        if (token) {
            if (token === 'fn') pending = { at: index, depth: open.length };
            index += token.length - 1;
            continue;
        }
        const character = source[index];
        if ('([{'.includes(character)) {
            const isBody = character === '{' && pending?.depth === open.length;
            const body = isBody ? { start: index, end: 0, signature: source.slice(pending.at, index) } : null;
            if (isBody) pending = null;
            if (body) found.push(body);
            open.push(body);
        } else if (')]}'.includes(character)) {
            const body = open.pop();
            if (body) body.end = index + 1;
        } else if (character === ';' && pending?.depth === open.length) pending = null;
    }
    return found;
}

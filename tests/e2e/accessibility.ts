import type { Page } from 'playwright-core';

/** The basics that tools and readers depend on, found in the page's own tree; each finding is a sentence. */
export function findAccessibilityProblems(page: Page): Promise<string[]> {
    return page.evaluate(() => {
        const problems: string[] = [];
        const describe = (element: Element) => element.outerHTML.slice(0, 120);
        const labelOf = (element: Element) => {
            const ids = element.getAttribute('aria-labelledby')?.split(/\s+/) ?? [];
            const referred = ids.map((id) => document.getElementById(id)?.textContent ?? '').join(' ');
            const labels = 'labels' in element ? [...((element as HTMLInputElement).labels ?? [])] : [];
            const own = element.getAttribute('aria-label') ?? element.getAttribute('title') ?? '';
            const fromLabels = labels.map((label) => label.textContent).join(' ');
            return `${referred} ${own} ${fromLabels} ${element.textContent ?? ''}`.trim();
        };
        if (!document.documentElement.lang) problems.push('The document names no language.');
        if (!document.title) problems.push('The document has no title.');
        if (document.querySelectorAll('h1').length !== 1)
            problems.push('There is not exactly one first-level heading.');
        if (document.querySelectorAll('main').length !== 1) problems.push('There is not exactly one main landmark.');
        let level = 0;
        for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
            const next = Number(heading.tagName.slice(1));
            if (next > level + 1) problems.push(`A heading level is left out before: ${describe(heading)}`);
            level = next;
        }
        const ids = new Set<string>();
        for (const { id } of document.querySelectorAll('[id]')) {
            if (ids.has(id)) problems.push(`Two elements have the id ${id}.`);
            ids.add(id);
        }
        for (const element of document.querySelectorAll(
            'button, a[href], input, select, [role="img"], dialog, video',
        )) {
            if (!labelOf(element)) problems.push(`Without a name: ${describe(element)}`);
        }
        for (const image of document.querySelectorAll('img:not([alt])'))
            problems.push(`Without alt: ${describe(image)}`);
        for (const table of document.querySelectorAll('table')) {
            if (!table.caption) problems.push(`A table without a caption: ${describe(table)}`);
            if ([...table.querySelectorAll('th')].some((cell) => !cell.scope))
                problems.push('A header cell without scope.');
        }
        for (const element of document.querySelectorAll('[tabindex]')) {
            if (Number(element.getAttribute('tabindex')) > 0)
                problems.push(`A positive tabindex: ${describe(element)}`);
        }
        return problems;
    });
}

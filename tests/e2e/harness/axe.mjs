// Accessibility: what axe-core finds on a page as it stands.
//
// axe-core is put into the page by itself. Its wrapper for Playwright (@axe-core/playwright) adds
// frames, which our pages have none of, and asks for a newer Node.js than Debian's neighbours have.

import assert from 'node:assert/strict';

import axe from 'axe-core';

/** WCAG 2.2 up to AA, and the practices that axe-core adds. */
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** The violations on a page, one line each: the rule, what it asks for, where it is broken. */
export async function violations(page) {
  // Evaluated from outside the page, so its content security policy stays as strict as it is.
  await page.evaluate(axe.source);
  const found = await page.evaluate(
    (rules) => window.axe.run(document, { runOnly: { type: 'tag', values: rules }, resultTypes: ['violations'] }),
    RULES,
  );
  return found.violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${violation.help}: ${node.target.join(' ')}`),
  );
}

/** What axe-core does not look for: words without a translation, ids that stand twice, links that lead nowhere. */
export async function loose(page) {
  return page.evaluate(() => {
    const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
    const twice = ids.filter((id, place) => ids.indexOf(id) !== place);
    const links = [...document.querySelectorAll('a[href^="#"], use[href^="#"]')].map((link) =>
      link.getAttribute('href').slice(1),
    );
    const nowhere = links.filter((id) => !ids.includes(id));
    const untranslated = document.documentElement.outerHTML.match(/⟦[^⟧]*⟧/g) ?? [];
    return [
      ...twice.map((id) => `the id ${id} stands twice`),
      ...nowhere.map((id) => `#${id} leads nowhere`),
      ...untranslated,
    ];
  });
}

/** Fails if axe-core finds anything, or something is loose; `where` names the page in the message. */
export async function assertAccessible(page, where) {
  assert.deepEqual(await violations(page), [], `axe-core on ${where}`);
  assert.deepEqual(await loose(page), [], `loose ends on ${where}`);
}

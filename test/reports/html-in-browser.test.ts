/** The HTML report as a browser sees it. */
import { join } from 'node:path';
import axe from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { assess } from '../../src/assessment/index.ts';
import { type Language, localeOf, localise, sayOf } from '../../src/locales/index.ts';
import { combine } from '../../src/portfolio/combine.ts';
import { html } from '../../src/reports/html/index.ts';
import { html as portfolio } from '../../src/reports/portfolio/html.ts';
import { analyse } from '../../src/session.ts';
import { at, makeEvidence, makeFinding, makeManyFindings, makeService } from '../reporters/results.ts';
import { type Assessed, makeAssessed, makeHostileAssessed } from './assessments.ts';
import { chromiumPath, openBrowser, type Visit, visit } from './browser.ts';

const draw = ({ assessment, result }: Assessed): string => html.render(assessment, result, { lang: 'en', version: '1.2.3' });

/** A sample system as its owners would see it. */
const sample = analyse({ root: join(import.meta.dirname, '../../fixtures/apps/store-lifted'), cache: false, git: false });
function drawSample(lang: Language): string {
  const result = localise(sample, localeOf(lang));
  return html.render(assess(result, { say: sayOf(lang) }), result, { lang, version: '1.2.3' });
}
function drawPortfolio(): string {
  const result = localise(sample, localeOf('ko'));
  const assessed = { result, assessment: assess(result, { say: sayOf('ko') }) };
  const outcomes = ['one', 'two'].map((name) => ({ member: { name, team: name }, ...assessed }));
  return portfolio.render(combine([...outcomes, { member: { name: 'gone' }, failure: '폴더가 없습니다.' }]), {
    lang: 'ko',
    version: '1.2.3',
  });
}

/** Of what users meet: made-up findings, and a real one in each language. */
const pages: Readonly<Record<string, () => string>> = {
  'made up': () => draw(twoServices()),
  English: () => drawSample('en'),
  Korean: () => drawSample('ko'),
  portfolio: drawPortfolio,
};

const twoServices = (): Assessed =>
  makeAssessed({
    services: [
      makeService(),
      makeService({
        name: 'orders',
        verdict: 'ready',
        answer: 'Yes',
        evidence: [makeEvidence('It handles SIGTERM', at('orders/main.js', 4))],
      }),
      makeService({ name: 'postgres', kind: 'database', verdict: 'unknown', answer: 'Not asked: it is a store that others make' }),
    ],
    findings: [
      makeFinding(),
      makeFinding({ level: 'warning', text: 'No timeout is set.', fingerprint: 'b'.repeat(32), rule: 'call-without-timeout' }),
      makeFinding({ service: undefined, level: 'note', text: 'It is a note.', fingerprint: 'c'.repeat(32) }),
    ],
    notAssessed: [{ reason: 'syntax-error', message: 'A brace is missing', place: at('web/src/bad.js', 1), failed: true }],
  });

if (!chromiumPath) console.warn('No Chromium was found (CHROMIUM names one): the HTML report is not tried in a browser.');

describe.skipIf(!chromiumPath)('the HTML report in Chromium', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await openBrowser();
  });
  afterAll(() => browser?.close());

  async function use(text: string, look: (visit: Visit) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    const visited = await visit(browser, text, options);
    try {
      await look(visited);
      expect(visited.requests).toEqual([]);
      expect(visited.complaints).toEqual([]);
    } finally {
      await visited.close();
    }
  }

  // Text, because the DOM is no part of what the tests are typed with.
  const openAll = (page: Page) => page.evaluate(`for (const entry of document.querySelectorAll('details')) entry.open = true`);

  /** Elements that reach over an edge of the page, or whose text is hidden by their own; boxes made to be scrolled are free to. */
  const findCutOff = `[...document.querySelectorAll('main *')].filter((element) => {
    if (element.closest('.scroller, pre, svg, .toolbar')) return false;
    const { left, right, width } = element.getBoundingClientRect();
    const isHidden = getComputedStyle(element).overflowX !== 'visible' && element.scrollWidth > element.clientWidth + 1;
    return width > 0 && (right > document.documentElement.clientWidth + 1 || left < -1 || isHidden);
  }).slice(0, 5).map((element) => element.outerHTML.slice(0, 160))`;

  it('asks for nothing, and keeps to its policy', () =>
    use(draw(twoServices()), async ({ page }) => expect(await page.title()).toBe('Can it autoscale? repository')));

  const looks = [
    ['light', 1280],
    ['dark', 1280],
    ['light', 360],
    ['dark', 360],
  ] as const;
  const views = Object.keys(pages).flatMap((name, index) =>
    looks.filter((_, at) => index === 0 || at % 3 === 0).map((look) => [name, ...look] as const),
  );
  it.each(views)('has nothing that axe-core objects to: %s, %s, %i px', (name, colorScheme, width) =>
    use(
      pages[name]!(),
      async ({ page }) => {
        await openAll(page);
        // What is far below is not laid out until it is near, and axe would compare it with what lies where it is not.
        await page.evaluate(`for (const entry of document.querySelectorAll('.finding')) entry.style.contentVisibility = 'visible'`);
        await page.evaluate(axe.source);
        const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
        expect(
          violations.map(({ id, nodes }) => [
            id,
            nodes.slice(0, 3).map(({ html: element, failureSummary }) => `${element} ${failureSummary}`),
          ]),
        ).toEqual([]);
      },
      { colorScheme, viewport: { width, height: 900 } },
    ),
  );

  const widths = Object.keys(pages).flatMap((name) => [320, 360, 768, 1600].map((width) => [name, width] as const));
  it.each(widths)('neither scrolls sideways nor cuts anything off: %s, %i px', (name, width) =>
    use(
      pages[name]!(),
      async ({ page }) => {
        await openAll(page);
        expect(await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')).toBeLessThanOrEqual(0);
        expect(await page.evaluate(findCutOff)).toEqual([]);
      },
      { viewport: { width, height: 900 } },
    ),
  );

  it('prints the evidence of few services, and of many only their answers', () => {
    const many = Array.from({ length: 40 }, (_, index) => makeService({ name: `service-${index}` }));
    const countPages = async (text: string): Promise<number> => {
      let pages = 0;
      await use(text, async ({ page }) => {
        pages = (await page.pdf({ format: 'A4' })).toString('latin1').match(/\/Type\s*\/Page\b/g)?.length ?? 0;
      });
      return pages;
    };
    return (async () => {
      const few = await countPages(drawSample('ko'));
      expect(few).toBeGreaterThan(3);
      expect(few).toBeLessThan(24);
      expect(await countPages(draw(makeAssessed({ services: many, findings: makeManyFindings(300) })))).toBeLessThan(60);
    })();
  });

  it('tells everything without JavaScript', () =>
    use(
      draw(twoServices()),
      async ({ page }) => {
        const finding = page.locator('.finding', { hasText: 'express-session keeps sessions' });
        await finding.locator('summary').first().click();
        await expect.poll(() => finding.locator('pre').first().isVisible()).toBe(true);
        expect(await finding.textContent()).toContain('Give it a store that all replicas share');
        expect(await finding.locator('mark').first().textContent()).toBe('session({ secret: process.env.SECRET })');
        expect(await page.locator('#filters').isVisible()).toBe(false);
        await page.locator('a[href="#service-orders"]').first().click();
        await expect.poll(() => page.locator('#service-orders').isVisible()).toBe(true);
      },
      { javaScriptEnabled: false },
    ));

  it('narrows findings by text, level and service', () =>
    use(draw(twoServices()), async ({ page }) => {
      const shown = () => page.locator('.finding:visible').count();
      expect(await shown()).toBe(3);
      await page.locator('input[type=search]').fill('TIMEOUT');
      expect(await shown()).toBe(1);
      expect(await page.locator('#shown').textContent()).toBe('1 of 3 shown');
      await page.locator('button[type=reset]').click();
      await expect.poll(shown).toBe(3);
      await page.locator('select[name=level]').selectOption('note');
      expect(await shown()).toBe(1);
      await page.locator('select[name=service]').selectOption({ label: 'web' });
      expect(await shown()).toBe(0);
    }));

  it('switches the theme and remembers it', () =>
    use(
      draw(twoServices()),
      async ({ page }) => {
        const ground = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
        const light = await ground();
        await page.locator('#theme').click();
        expect(await ground()).not.toBe(light);
        await page.reload();
        expect(await ground()).not.toBe(light);
      },
      { colorScheme: 'light' },
    ));

  it('can be walked by keyboard: the map leads to a service, a gap to its list', () =>
    use(draw(twoServices()), async ({ page }) => {
      await page.locator('svg.map a').first().focus();
      await page.keyboard.press('Enter');
      await expect.poll(() => page.locator('#service-web').isVisible()).toBe(true);
    }));

  it('links into an editor only where the reader named a folder', () =>
    use(draw(twoServices()), async ({ page }) => {
      expect(await page.locator('a[href^="vscode:"]').count()).toBe(0);
      await page.locator('.editor summary').click();
      await page.locator('input[name=editor]').fill('/home/me/a b');
      await page.locator('.finding summary').first().click();
      const link = page.locator('.finding a[href^="vscode:"]').first();
      await expect.poll(() => link.getAttribute('href')).toBe('vscode://file/home/me/a%20b/web/src/server.js:3');
    }));

  it('leaves hostile names as text', () =>
    use(draw(makeHostileAssessed()), async ({ page }) => {
      await openAll(page);
      expect(await page.locator('img').count()).toBe(0);
      expect(await page.locator('script').count()).toBe(2);
      const handlers = `[...document.querySelectorAll('*')].filter((element) => element.getAttributeNames().some((name) => name.startsWith('on'))).length`;
      expect(await page.evaluate(handlers)).toBe(0);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.locator('svg.map').textContent()).toContain('</script><img');
      expect(await page.locator('#findings').textContent()).toContain('</script><img src=x onerror=alert(1)>');
      expect(await page.locator('select[name=service] option').nth(1).textContent()).toContain('</script><img');
    }));

  it('opens 5,000 findings', async () => {
    const assessed = makeAssessed({ services: [makeService()], findings: makeManyFindings(5000) });
    const text = draw(assessed);
    const start = performance.now();
    await use(text, async ({ page }) => {
      const opened = performance.now() - start;
      expect(await page.locator('.finding').count()).toBe(5000);
      const painted = await page.evaluate<number>(`performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN`);
      const loaded = await page.evaluate<number>(`performance.getEntriesByType('navigation')[0].loadEventEnd`);
      console.info(
        `5,000 findings, ${(text.length / 1e6).toFixed(1)} MB: painted ${painted.toFixed(0)} ms, loaded ${loaded.toFixed(0)} ms, opened ${opened.toFixed(0)} ms`,
      );
      await page.locator('input[type=search]').fill('rule-16');
      expect(await page.locator('#shown').textContent()).toMatch(/^\d+ of 5,000 shown$/);
    });
  });
});

import type { CodeFlow, Result as SarifResult } from 'sarif';
import type { Finding, Related, Result } from '../../types.ts';
import { makeVisible } from '../visible-text.ts';
import { hashLines, type LineHash } from './line-hash.ts';
import { describeLocation } from './locations.ts';
import { endSentence } from './rules.ts';

/** GitHub refuses a result with more locations. */
const locationLimit = 1000;
/** Links in the message; the other places are listed without one. */
const linkLimit = 20;

interface HashedFile {
  readonly hashes: readonly LineHash[];
  readonly lines: readonly string[];
}

/** Turns findings into SARIF results; reads each file's lines once. */
export class ResultWriter {
  readonly #result: Result;
  readonly #ruleIndex: ReadonlyMap<string, number>;
  readonly #files = new Map<string, HashedFile>();

  constructor(result: Result) {
    this.#result = result;
    this.#ruleIndex = new Map(result.rules.map(({ id }, index) => [id, index]));
  }

  describe(finding: Finding): SarifResult {
    const related = finding.related.slice(0, locationLimit - 1);
    const ruleIndex = this.#ruleIndex.get(finding.rule);
    return {
      ruleId: finding.rule,
      ...(ruleIndex === undefined ? {} : { ruleIndex }),
      level: finding.level,
      message: { text: describeMessage(finding, related.slice(0, linkLimit)) },
      locations: [describeLocation(finding.place)],
      ...(related.length > 0
        ? { relatedLocations: related.map(({ place, message }, index) => describeLocation(place, plainText(message), index + 1)) }
        : {}),
      ...(related.some(({ place }) => place.path !== finding.place.path) ? { codeFlows: [joinPlaces(finding, related)] } : {}),
      partialFingerprints: { ...this.#hashLine(finding), 'cloudworthy/v1': finding.fingerprint },
      ...(finding.status ? { baselineState: finding.status } : {}),
      properties: {
        confidence: finding.confidence,
        effort: finding.effort,
        ...(finding.service === undefined ? {} : { service: makeVisible(finding.service) }),
      },
    };
  }

  /**
   * Left out where the hashed lines hold a masked secret: a hash of a hundred known characters and a short password would
   * tell the password. The upload action then computes it itself.
   */
  #hashLine({ place }: Finding): { primaryLocationLineHash?: string } {
    const { hashes, lines } = this.#read(place.path);
    const line = hashes[place.line - 1];
    if (!line) return {};
    const shown = this.#result.excerpt({ path: place.path, line: place.line, column: 1, endLine: line.lastLine, endColumn: 1 }, 0);
    // An excerpt may end early in a long line, far behind what is hashed, but must not differ before.
    const complete = shown !== undefined && shown.length > line.lastLine - place.line;
    const masked = !complete || shown.some((entry) => !lines[entry.line - 1]?.startsWith(entry.text));
    return masked ? {} : { primaryLocationLineHash: line.hash };
  }

  #read(path: string): HashedFile {
    const known = this.#files.get(path);
    if (known) return known;
    const text = this.#result.text(path);
    const file = text === undefined ? { hashes: [], lines: [] } : { hashes: hashLines(text), lines: text.split(/\r\n|\r|\n/) };
    this.#files.set(path, file);
    return file;
  }
}

/** The first sentence becomes the alert's title; related places show only when the text links to them. */
function describeMessage({ text, consequence, next }: Finding, linked: readonly Related[]): string {
  const links = linked.map(({ place, message }, index) => {
    const name = `${place.path.slice(place.path.lastIndexOf('/') + 1)}:${place.line}`;
    return `[${plainText(name)}](${index + 1}) ${plainText(message)}`;
  });
  const also = links.length > 0 ? [`See ${links.join('; ')}.`] : [];
  return [plainText(endSentence(text)), plainText(endSentence(consequence)), plainText(endSentence(next)), ...also].join(' ');
}

/** Visible text in which brackets make no link (SARIF 2.1.0 §3.11.6). */
const plainText = (text: string): string => makeVisible(text).replace(/[[\]\\]/g, '\\$&');

/** The way from the deployment to the code: manifest → Dockerfile → source. */
function joinPlaces(finding: Finding, related: readonly Related[]): CodeFlow {
  const steps = [...related].reverse().map(({ place, message }) => ({ location: describeLocation(place, plainText(message)) }));
  const last = { location: describeLocation(finding.place, plainText(endSentence(finding.text))) };
  return { threadFlows: [{ locations: [...steps, last] }] };
}

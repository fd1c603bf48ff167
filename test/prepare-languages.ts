import { prepareLanguages } from '../src/session.ts';

// `analyse` is synchronous: grammars are loaded once for each test process.
await prepareLanguages();

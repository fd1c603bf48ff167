/** Loaded before a measured program: on exit it writes the peak of its resident memory in KiB to descriptor 3. */
import { writeSync } from 'node:fs';

process.on('exit', () => writeSync(3, String(process.resourceUsage().maxRSS)));

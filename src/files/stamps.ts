/** What a stamp proves about a file. */
import type { Stamp } from './host/read.ts';

/** Clocks of file systems are coarse: a file that changed this recently may change again under the same stamp ("racy git"). */
const racyMs = 2500;

/** @param at when the file was read at the earliest, in milliseconds of the clock */
export const isSettled = (stamp: Stamp, at = Date.now()): boolean => at - Math.max(stamp.modified, stamp.changed) > racyMs;

export const isSameStamp = (a: Stamp, b: Stamp): boolean =>
  a.size === b.size && a.modified === b.modified && a.changed === b.changed && a.inode === b.inode;

// Screenshots: pictures of what a test saw, for people to look at.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';

/**
 * Takes a picture of the whole page as `NAME.png` in the folder that the variable `FENGSUI_SHOTS`
 * names, and returns its path. Without the variable nothing is taken.
 */
export async function shot(page, name, folder = process.env.FENGSUI_SHOTS) {
  if (!folder) return undefined;
  await mkdir(folder, { recursive: true });
  await page.evaluate(() => document.fonts.ready);
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file, fullPage: true, animations: 'disabled', caret: 'hide' });
  return file;
}

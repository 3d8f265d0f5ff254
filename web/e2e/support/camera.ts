/** What a browser's camera sees: a code that stands on somebody's screen, as frames of a file that Chromium plays instead. */
import { writeFile } from 'node:fs/promises';
import type { Locator } from '@playwright/test';
import config from '../../playwright.config';

const width = 640;
const height = 480;

/** Options for a browser whose camera plays this file; nobody is asked whether it may. */
export function cameraFrom(file: string) {
  const launchOptions = config.use?.launchOptions ?? {};
  const args = [...(launchOptions.args ?? []), '--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream', `--use-file-for-fake-video-capture=${file}`];
  return { ...launchOptions, args };
}

/** Films a code that is shown: two frames, played over and over. */
export async function film(code: Locator, file: string): Promise<void> {
  const grey = Buffer.from(await greyOf(code), 'base64');
  const frame = Buffer.concat([Buffer.from('FRAME\n'), grey, Buffer.alloc((width * height) / 2, 128)]);
  await writeFile(file, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420\n`), frame, frame]));
}

/** The code in the middle of a light wall, as brightness, row by row. */
async function greyOf(code: Locator): Promise<string> {
  const picture = (await code.screenshot()).toString('base64');
  return code.evaluate(
    async (_, { picture, width, height }) => {
      const bytes = Uint8Array.from(atob(picture), (char) => char.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
      const canvas = new OffscreenCanvas(width, height);
      const drawing = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D;
      drawing.fillStyle = '#ddd';
      drawing.fillRect(0, 0, width, height);
      const side = height - 60;
      drawing.drawImage(image, (width - side) / 2, 30, side, side);
      const { data } = drawing.getImageData(0, 0, width, height);
      let text = '';
      for (let at = 0; at < data.length; at += 4) text += String.fromCharCode(Math.round(((data[at + 1] ?? 0) * 219) / 255 + 16));
      return btoa(text);
    },
    { picture, width, height },
  );
}

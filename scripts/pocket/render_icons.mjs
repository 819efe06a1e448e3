// Renders the icons named in a JSON list to transparent PNGs of 96 x 96, one folder per icon set.
// usage: node render_icons.mjs WANTED.json OUT_DIR   (run where npm installed the @iconify-json packages)
import { Resvg } from '@resvg/resvg-js';
import fs from 'node:fs';
import path from 'node:path';

const [wantedFile, outDir] = process.argv.slice(2);
const SIZE = 96;
const plain = (name) => name.replace(/-[12]$/, '').replaceAll('-', '');
const { sets, names } = JSON.parse(fs.readFileSync(wantedFile, 'utf8'));
const wanted = new Set(names.map(plain));

for (const set of sets) {
  const icons = JSON.parse(fs.readFileSync(`node_modules/@iconify-json/${set}/icons.json`, 'utf8'));
  fs.mkdirSync(path.join(outDir, set), { recursive: true });
  let count = 0;
  const all = { ...icons.icons };
  for (const [alias, { parent }] of Object.entries(icons.aliases ?? {})) all[alias] = icons.icons[parent];
  for (const [name, icon] of Object.entries(all)) {
    if (!icon || !wanted.has(plain(name))) continue;
    const width = icon.width ?? icons.width ?? 16;
    const height = icon.height ?? icons.height ?? 16;
    const box = `${icon.left ?? 0} ${icon.top ?? 0} ${width} ${height}`;
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" `
      + `viewBox="${box}" width="${SIZE}" height="${SIZE}">${icon.body}</svg>`;
    const png = new Resvg(svg, { fitTo: { mode: 'width', value: SIZE } }).render().asPng();
    fs.writeFileSync(path.join(outDir, set, `${plain(name)}${/-[12]$/.test(name) ? name.slice(-2) : ''}.png`), png);
    count++;
  }
  console.log(`${set}: ${count} icons`);
}

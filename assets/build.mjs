// How are the looks of both doors made? `npm run build` writes everything a page loads to app/static/dist/.
import { createHash } from "node:crypto";
import { cp, mkdir, readFile, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const assets = join(root, "assets");
const final = join(root, "app/static/dist");
const dist = join(root, `build/dist-${process.pid}`); // written beside and put in place at the end: a running server never sees half a build

const FONTS = [ // package, door, faces
  ["@fontsource-variable/ibm-plex-sans", "office", ["latin-wght-normal", "latin-ext-wght-normal"]],
  ["@fontsource/ibm-plex-mono", "office", ["latin-400-normal", "latin-ext-400-normal", "latin-600-normal", "latin-ext-600-normal"]],
  ["@fontsource/ibm-plex-serif", "office", ["latin-400-normal", "latin-ext-400-normal", "latin-600-normal", "latin-ext-600-normal"]],
  ["@fontsource-variable/source-sans-3", "mailbox", ["latin-wght-normal", "latin-ext-wght-normal"]],
];
const LICENSED = ["@tabler/core", "@tabler/icons", "govuk-frontend", "htmx.org", ...FONTS.map(([name]) => name)];
const BANNER = /\/\*!.*?\*\//gs; // licence comments move to LICENSES.txt, the built files name no other host

async function write(name, content) {
  const path = join(dist, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

async function style(entry) {
  const { css } = sass.compile(join(assets, entry), { loadPaths: [modules], quietDeps: true });
  const own = css.replace(BANNER, "").replace(/url\([^)]*govuk-crest[^)]*\)/g, "none"); // never the crown
  return (await esbuild.transform(own, { loader: "css", minify: true, legalComments: "none" })).code;
}

async function bundle(entry, kind) {
  const built = await esbuild.build({
    entryPoints: [entry], bundle: true, minify: true, write: false, format: "esm", target: ["es2022"],
    legalComments: "none", external: kind === "css" ? ["*.woff2", "*.svg"] : [], nodePaths: [modules],
  });
  return built.outputFiles[0].text;
}

async function icons() {
  const names = (await readFile(join(assets, "office/icons.txt"), "utf8")).split("\n").filter(Boolean);
  const symbols = await Promise.all(names.map(async (name) => {
    const svg = await readFile(join(modules, "@tabler/icons/icons/outline", `${name}.svg`), "utf8");
    const shapes = svg.replace(/<!--.*?-->/gs, "").replace(/^\s*<svg[^>]*>|<\/svg>\s*$/g, "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
  }));
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

async function fonts() {
  for (const [name, door, faces] of FONTS) {
    for (const face of faces) {
      const file = `${name.split("/")[1]}-${face}.woff2`;
      await cp(join(modules, name, "files", file), join(dist, door, "fonts", file));
    }
  }
}

async function licences() {
  const texts = await Promise.all(LICENSED.map(async (name) => {
    const folder = join(modules, name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const text = file ? await readFile(join(folder, file), "utf8") : `Licence: ${license}\n`;
    return `${"=".repeat(78)}\n${name} ${version} (${license})\n\n${text}`;
  }));
  await write("LICENSES.txt", texts.join("\n"));
}

async function office() {
  await write("office/tabler.css", await style("office/tabler.scss"));
  await write("office/desk.css", await bundle(join(assets, "office/desk.css"), "css"));
  await write("office/desk.js", await bundle(join(assets, "office/desk.js"), "js"));
  await write("office/htmx.js", await readFile(join(modules, "htmx.org/dist/htmx.min.js"), "utf8"));
  await write("office/icons.svg", await icons());
}

async function mailbox() {
  await write("mailbox/mailbox.css", await style("mailbox/mailbox.scss"));
  await write("mailbox/mailbox.js", await bundle(join(assets, "mailbox/mailbox.js"), "js"));
}

// The digest of each file, for addresses that change when the file does (app/views/assets.py).
async function manifest() {
  const digests = {};
  const walk = async (folder) => {
    for (const entry of (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await walk(path);
      else digests[relative(dist, path)] = createHash("sha256").update(await readFile(path)).digest("hex").slice(0, 12);
    }
  };
  await walk(dist);
  await write("manifest.json", `${JSON.stringify(digests, null, 1)}\n`);
}

await rm(dist, { recursive: true, force: true });
await fonts();
await office();
await mailbox();
await licences();
await cp(join(assets, "favicon.svg"), join(dist, "favicon.svg"));
await manifest();
await mkdir(dirname(final), { recursive: true });
await rm(final, { recursive: true, force: true });
await rename(dist, final);

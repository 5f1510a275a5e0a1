import type { CaseResult } from "./bench.ts";
import type { SideName } from "./sides.ts";
import { median } from "./statistics.ts";

/** Colours that differ for the colour-blind and on light and dark ground (Okabe and Ito). */
const COLOURS: Readonly<Record<SideName, string>> = {
  raw: "#999999",
  original: "#e69f00",
  h5bp: "#cc79a7",
  gunicorn: "#56b4e9",
  ours: "#009e73",
};

const LEFT = 90;
const BAR = 16;
const GAP = 14;
const LONGEST = 540;
const WIDTH = 720;

/** Answers a second of each side, a group of bars for each case, each case on a scale of its own. */
export function picture(cases: readonly CaseResult[]): string {
  const parts: string[] = [];
  let y = 10;
  for (const { case: name, sides } of cases) {
    const most = Math.max(...sides.map(({ rps }) => median(rps)), 1);
    parts.push(text(10, y + BAR - 4, name, "bold"));
    y += BAR + 2;
    for (const { side, rps } of sides) {
      const rate = median(rps);
      const length = Math.max(1, (rate / most) * LONGEST);
      parts.push(text(10, y + BAR - 4, side));
      parts.push(
        `<rect x="${LEFT}" y="${y}" width="${length.toFixed(1)}" height="${BAR - 3}" fill="${COLOURS[side]}"/>`,
      );
      parts.push(text(LEFT + length + 6, y + BAR - 4, Math.round(rate).toLocaleString("en-US")));
      y += BAR;
    }
    y += GAP;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y}" width="${WIDTH}" height="${y}" font-family="sans-serif" font-size="12">`,
    "<title>Answers a second of each side, for each case</title>",
    `<rect width="100%" height="100%" fill="#ffffff"/>`,
    ...parts,
    "</svg>",
    "",
  ].join("\n");
}

const text = (x: number, y: number, content: string, weight = "normal") =>
  `<text x="${x.toFixed(1)}" y="${y}" font-weight="${weight}" fill="#222222">${content}</text>`;

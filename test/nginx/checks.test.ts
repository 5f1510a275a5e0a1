import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { siteText } from "../../components/nginx/index.ts";
import type { Site } from "../../components/nginx/index.ts";
import { gixy } from "./python-tools.ts";
import { checkConfigs, mainlineText, nginxTest, startLab, VERSIONS } from "./real-nginx.ts";
import type { Lab } from "./real-nginx.ts";
import { LOCAL } from "./sites.ts";

const tcp = { kind: "tcp", host: "frontend", port: 8000 } as const;
const SITES: readonly Site[] = [
  LOCAL,
  { ...LOCAL, upstream: tcp },
  { ...LOCAL, staticFiles: false, media: false, publicPort: 80 },
  {
    ...LOCAL,
    requestTimeout: "600s",
    uploadLimit: "2g",
    paths: { "/a/": { cache: "1h" }, "/b": { timeout: "1s", upload: "1k" } },
  },
  {
    ...LOCAL,
    paths: { "/quote\"'; }/": { cache: "1s" }, "/café/": {} },
    health: { path: "/up?full=1", host: "[::1]" },
  },
];

/**
 * Vulnerabilities that gixy-ng sees in every nginx with the number 1.26.3, and the Debian package from which on they are mended
 * (its changelog). The image must hold that package or a newer one.
 */
const MENDED_BY_DEBIAN: Readonly<Record<string, string>> = { "CVE-2026-9256": "1.26.3-3+deb13u6" };

let lab: Lab;
before(async () => void (lab = await startLab()));
after(() => lab.remove());

test("nginx 1.26 accepts every kind of site, and gixy-ng finds nothing", async () => {
  const clean = { nginx: "", gixy: [] };
  assert.deepEqual(
    await checkConfigs(SITES.map(siteText)),
    SITES.map(() => clean),
  );
});

test("the checks can fail", async () => {
  const good = siteText(LOCAL);
  const texts = [good.replace("server_tokens off;", ""), good.replace("listen 8080;", "listen 8080")];
  const [open, broken] = await checkConfigs(texts);
  assert.deepEqual(open, {
    nginx: "",
    gixy: [
      "HIGH version_disclosure: Missing server_tokens directive - defaults to 'on' which promotes information disclosure",
    ],
  });
  assert.match(broken?.nginx ?? "", /invalid parameter "location"|\[emerg\]/);
});

test("a mainline nginx accepts every kind of site, without the directives that its build lacks", async () => {
  const texts = SITES.map(mainlineText);
  assert.deepEqual(
    await nginxTest(lab, texts, "mainline"),
    texts.map(() => ""),
  );
});

test("no configuration opens a known vulnerability: not in a current mainline, and in 1.26 none that Debian has not mended", async () => {
  const texts = SITES.map(siteText);
  assert.deepEqual(
    await gixy(texts, "1.31.7"),
    texts.map(() => []),
  );
  const found = new Set(
    (await gixy(texts, VERSIONS.debian)).flat().map((finding) => /CVE-[\d-]+/.exec(finding)?.[0] ?? finding),
  );
  assert.deepEqual([...found], Object.keys(MENDED_BY_DEBIAN));
  const version = await lab.exec(["dpkg-query", "--show", "--showformat=${Version}", "nginx"]);
  for (const fixed of Object.values(MENDED_BY_DEBIAN)) {
    const { code } = await lab.exec(["dpkg", "--compare-versions", version.stdout, "ge", fixed]);
    assert.equal(code, 0, `${version.stdout} is older than ${fixed}`);
  }
});
